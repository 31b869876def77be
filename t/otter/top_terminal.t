use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Paths qw($command);
use Otter::Pty;
use Otter::Status;
use Otter::Test;

# "otter top" on a terminal: it is drawn again and again, fits the window
# when that changes, and leaves the terminal as it was.

my $nginx = Otter::Nginx->start(server => $Otter::Status::status_conf,
    api_keys => [{ id => 'main' }]);
my $origin = 'http://127.0.0.1:' . $nginx->port;
my @top    = ($command, 'top', '--interval', '1', '--status-url',
    "$origin/status", '--url', $origin, '--api-key-file',
    put('key', $nginx->api_key . "\n"));

my $alice = Otter::Peer->enter($nginx, 'alice');
my $pty   = Otter::Pty->start(@top);

ok($pty->shows(qr/\e\[\?1049h.*peers +1, 0 away/s), 'it is drawn');
ok($pty->shows(qr/ 1\/8 +occupied +den/), 'with the rooms');

my $from = length $pty->output;
my $bob  = Otter::Peer->enter($nginx, 'bob');

ok($pty->shows(qr/peers +2, 0 away/, $from), 'and again');

$from = length $pty->output;
$pty->resize(5, 20);

ok($pty->shows(qr/\e\[H.*\e\[J.*\e\[H.*\e\[J/s, $from),
    'and when the window changes');

my ($page) = substr($pty->output, $from) =~ /.*\e\[H(.*?)\e\[J/s;
my @lines  = split /\r\n/, $page;

is(scalar @lines, 5, 'no more lines than fit');
is((scalar grep { s/\e\[K//r =~ /.{21}/ } @lines), 0, 'nor longer ones');

$pty->type('x');
$from = length $pty->output;
ok($pty->shows(qr/\e\[H/, $from), 'another key does nothing');

$pty->type('q');
is($pty->ended, 0, 'q quits, with 0');
like($pty->output, qr/\e\[\?25h\e\[\?1049l\z/, 'the terminal is as it was');

$pty = Otter::Pty->start(@top);
ok($pty->shows(qr/peers/), 'once more');
$pty->type("\cC");
is($pty->ended, 0, 'Ctrl-C quits as well');
like($pty->output, qr/\e\[\?1049l\z/, 'the terminal is as it was');


done_testing;

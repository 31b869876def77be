use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Coturn;

# The servers of otter_turn_uri are asked, each by its transport, with the
# secrets of the configuration.

my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn-itself']);
my $server = '127.0.0.1:' . $coturn->port;
my $closed = '127.0.0.1:' . free_port();

put('turn.secret', 'secret-of-coturn-itself');

my $conf = nginx_conf(<<"CONF");
    otter_signaling on;
    otter_turn_secret_file turn.secret;
    otter_turn_uri stun:$server turn:$server turn:$server?transport=tcp
        turns:$server?transport=tcp turns:$closed turn:\$host;
CONF

my $result = otter(qw(check --json --nginx-conf), $conf);
my $report = json_of($result);

my %said;

push @{ $said{$_->{subject}} }, "$_->{level}: $_->{message}"
    for @{ $report->{findings} };

is($result->{exit}, 1, 'something is wrong');

is(scalar @{ $said{"stun:$server"} }, 1, 'a STUN server is asked once');
like($said{"stun:$server"}[0], qr/\Aok: it answers over UDP/, 'over UDP');

like($said{"turn:$server"}[0], qr/\Aok: it answers over UDP/,
    'a TURN server answers');
like($said{"turn:$server"}[1], qr/\Aok: it relays over UDP/, 'and relays');
like($said{"turn:$server?transport=tcp"}[1], qr/\Aok: it relays over TCP/,
    'another by TCP');
like($said{"turns:$server?transport=tcp"}[0],
    qr/\Aproblem: nothing answers there \(over TLS/,
    'one speaks no TLS where it should');
like($said{"turns:$closed"}[0], qr/\Aproblem: nothing listens/,
    'one does not');
ok(!$said{'turn:$host'}, 'what a variable stands for nobody knows');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../otter/lib";
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::HTTP;
use Otter::Proc;
use Otter::Stack;
use Otter::Timing qw(eventually);
use Test::More;

# "otter up" starts what run.sh starts and comes back; "otter down" ends it.

my $state = file_in('state');
my $port  = free_port();
my @up    = ('up', '--state', $state, '--port', $port, '--turn-port',
    free_port());

my $down = otter('down', '--state', $state);

is($down->{exit}, 1, 'nothing to end');
like($down->{stderr}, qr/nothing is up with/, 'it says so');

my $up = otter_json(@up);

is($up->{link}, "http://localhost:$port/otter/room/demo", 'the link');
is($up->{api_key_file}, "$state/api-key", 'the key is where it says');

my @pids = ($up->{pid}, Otter::Proc::children($up->{pid}));

cmp_ok(scalar @pids, '>=', 3, 'nginx and coturn run below it');

my $http = Otter::HTTP->new(port => $port);

is($http->get('health')->json->{status}, 'ok', 'it is healthy');
is(otter('rooms', '--url', "http://127.0.0.1:$port", '--api-key-file',
    $up->{api_key_file})->{exit}, 0, 'and to be asked with the key');

my $status = otter('status', '--url', "http://127.0.0.1:$port",
    '--api-key-file', $up->{api_key_file}, '--status-url',
    "http://127.0.0.1:$port/status");

is($status->{exit}, 0, 'every part is well');
like($status->{stdout}, qr/^turn +ok .*relays by/m, 'TURN relays');

my $again = otter(@up);

is($again->{exit}, 1, 'it is not started twice');
like($again->{stderr}, qr/up already, process $up->{pid}/, 'it says so');

is(otter_json('down', '--state', $state)->{pid}, $up->{pid}, 'down');
ok(eventually(10, sub { !Otter::Stack::alive(@pids) }),
    'no process is left');
is(otter('down', '--state', $state)->{exit}, 1, 'there is nothing any more');

my $taken = otter('up', '--state', $state, '--port', 'x');

is($taken->{exit}, 1, 'what run.sh refuses is refused');
like($taken->{stderr}, qr/not a port: x/, 'with its reason');

my $text = otter(@up);

is($text->{exit}, 0, 'once more, for a person');
like($text->{stdout}, qr{^    http://localhost:$port/otter/room/demo$}m,
    'the link');
like($text->{stdout}, qr/^    OTTER_API_KEY_FILE=\Q$state\E\/api-key$/m,
    'the key');
is(otter('down', '--state', $state)->{exit}, 0, 'and down');


done_testing();

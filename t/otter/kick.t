use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Test;

# "otter kick" puts a peer out, and its token does not let it in again.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' },
    { id => 'none', scopes => 'token' }]);
my @to    = ('--url', 'http://127.0.0.1:' . $nginx->port,
    '--api-key-file', put('key', $nginx->api_key . "\n"));

my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

is_deeply(otter_json('kick', 'den', $bob->id, @to),
    { room => 'den', peer => $bob->id }, 'kicked');
is($bob->close_code, 4403, 'closed with 4403');
is($alice->expect('peer-left')->{reason}, 'kicked', 'the others know');
is(Otter::Peer->knock($nginx, 'bob', token => $bob->token)->ws->status, 401,
    'its token is refused');

my $result = otter('kick', 'den', $carol->id, @to);

is($result->{exit}, 0, 'exit 0');
like($result->{stderr}, qr/^The peer "\Q${\ $carol->id}\E" is out of the room "den"/,
    'it is said');

for my $case (
    [1, qr/404 peer-not-found/, 'den', $bob->id, @to],
    [1, qr/404 room-not-found/, 'nowhere', $bob->id, @to],
    [1, qr/403 key-scope/, 'den', $alice->id, @to[0, 1],
        '--api-key-file', put('none', $nginx->api_key('none') . "\n")],
    [2, qr/no name of a room/, 'a/b', $alice->id, @to],
    [2, qr/argument is missing/, 'den', @to],
) {
    my ($exit, $message, @arguments) = @$case;

    $result = otter('kick', @arguments);

    is($result->{exit}, $exit, "exit $exit");
    like($result->{stderr}, $message, 'the reason');
}


done_testing;

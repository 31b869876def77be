use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The peer's Close crosses the order to put it out of its room: one Close
# frame is sent, not two.

use Otter::Placed qw(other_worker);

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $alice = Otter::Peer->enter($nginx, 'alice');
my $here  = $nginx->worker_of($alice->ws->socket);
my $other = other_worker($nginx, $here);
my $http;

# A connection to the other worker.
for (1 .. 100) {
    $http = $nginx->http->socket;
    last if $other == eventually(5, sub { eval { $nginx->worker_of($http) } });
}

# The peer's Close is there first, then the order to put it out.
kill STOP => $here;

$alice->ws->send_close(4000);
$http->send("DELETE /otter/rooms/den HTTP/1.1\r\nHost: x\r\n"
    . "Connection: close\r\nAuthorization: Bearer "
    . $nginx->api_key . "\r\n\r\n");
$http->ends;
like($http->drain, qr/^HTTP\/1.1 2/, 'the room is closed');

kill CONT => $here;

my $socket = $alice->ws->socket;

ok($socket->ends, 'the connection ends');

my @closes = $socket->drain =~ /\x88\x02(..)/sg;

is(scalar @closes, 1, 'after one Close');


done_testing;

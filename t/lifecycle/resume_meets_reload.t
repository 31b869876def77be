use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;
use Time::HiRes qw(sleep);

# A session that waits for its old worker to let go of it does not come back
# on a worker that was asked to leave meanwhile: nobody would tell it again.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my $alice = Otter::Peer->enter($nginx, 'alice');
my $token = $alice->token;
my $held  = $nginx->worker_of($alice->ws->socket);

# asleep, so that it cannot let go

kill STOP => $held;

my $request = 'GET /otter/ws?resume=' . $alice->secret . '&seq=1 HTTP/1.1'
    . "\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    . "Sec-WebSocket-Version: 13\r\n"
    . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    . "Sec-WebSocket-Protocol: otter.v1\r\nAuthorization: Bearer $token\r\n"
    . "\r\n";

my @sockets = map { $nginx->http->socket } 1 .. 12;

$_->send($request) for @sockets;
sleep 0.3;

$nginx->reload;
sleep 0.2;

kill CONT => $held;

ok($nginx->old_workers_leave(10), 'the old workers leave');


done_testing;

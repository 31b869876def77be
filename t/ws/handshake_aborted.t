use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Handshakes that end anywhere disturb nobody.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $request = "GET /otter/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    . "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    . "Sec-WebSocket-Protocol: otter.v1\r\n"
    . 'Authorization: Bearer ' . mint($nginx->key, sub => 'carol',
        room => 'lodge') . "\r\n\r\n"
    . frame(payload => '{"type":"message","data":1}');

for my $try (1 .. 200) {
    my $socket = $nginx->http->socket;

    $socket->send(substr $request, 0, int rand length $request);
    $try % 2 ? $socket->reset : $socket->close;
}

$alice->signal($bob, 'still there');
is($bob->expect('signal')->{data}, 'still there', 'nobody is disturbed');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The handshake of RFC 6455 with a token, in the header or as a subprotocol.

my $nginx = Otter::Nginx->start;
my $token = mint($nginx->key);

my %way = (
    'in Authorization' => { token => $token },
    'as a subprotocol' => { offer => $token },
    'as the first subprotocol' =>
        { protocols => ["otter.bearer.$token", 'otter.v1'] },
    'among others'     =>
        { protocols => ['chat', 'otter.v1', 'otter.v2'], token => $token },
    'with protocols in two headers' => { token => $token, headers =>
        { 'Sec-WebSocket-Protocol' => ['chat', 'otter.v1'] } },
    'with Connection: keep-alive, Upgrade' => { token => $token, headers =>
        { Connection => 'keep-alive, Upgrade' } },
    'in other letter case' => { token => $token, headers =>
        { Connection => 'UPGRADE', Upgrade => 'WebSocket' } },
    'with extensions offered' => { token => $token, headers =>
        { 'Sec-WebSocket-Extensions' => 'permessage-deflate, x-other; a=1' } },
    'from the same origin' => { token => $token,
        origin => 'http://127.0.0.1:' . $nginx->port },
);

for my $way (sort keys %way) {
    my $ws = $nginx->websocket(%{ $way{$way} });

    is($ws->status, 101, $way) || diag($ws->response->body);
    is($ws->protocol, 'otter.v1', 'otter.v1 alone is echoed');
    is($ws->response->header('Sec-WebSocket-Extensions'), undef,
        'and no extension');
    is(from_json($ws->next_message)->{type}, 'welcome', 'the welcome follows');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The diagnostic socket sends back what comes, and nothing else.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_echo on; otter_max_message_size 16m;
        otter_message_rate 100000; otter_send_buffer 32m;',
);

my @echo = (path => '/otter/echo', protocols => []);
my $ws   = $nginx->websocket(@echo, token => mint($nginx->key));

is($ws->status, 101, 'with a token') || diag($ws->response->body);
is($ws->protocol, undef, 'no subprotocol is needed');

for my $size (0, 1, 125, 126, 127, 65535, 65536, 1_000_000) {
    $ws->send_text('x' x $size);
    is(length $ws->next_message(20), $size, "text of $size");

    my $bytes = join '', map { chr rand 256 } 1 .. $size % 70_000;

    $ws->send_binary($bytes);

    my $event = $ws->next_event(20);

    is($event->{type}, 'binary', 'binary stays binary');
    ok($event->{data} eq $bytes, 'byte for byte');
}

$ws->send_text('{"type":"leave"}');
is($ws->next_message, '{"type":"leave"}', 'nothing has a meaning here');
$ws->ping('p');
is($ws->next_event->{data}, 'p', 'pings are answered');
$ws->send_close(1000, 'bye');
is($ws->close_code, 1000, 'closing as everywhere');

is($nginx->websocket(@echo, token => $nginx->api_key)->status, 101,
    'with a key');
is($nginx->websocket(@echo)->status, 401, 'not without');
is($nginx->websocket(@echo, token => mint($nginx->key, exp => 1))->status, 401,
    'nor with an expired token');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_deflate (RFC 7692): what is long is compressed for who asked for it,
# once for all of them, and data stays byte for byte what the sender wrote.

my $nginx = Otter::Nginx->start(server => 'otter_deflate on;');

my $alice = Otter::Peer->enter($nginx, 'alice',
    deflate => 'permessage-deflate; client_max_window_bits');
my $bob = Otter::Peer->enter($nginx, 'bob',
    deflate => 'permessage-deflate; server_max_window_bits=9');
my $carol = Otter::Peer->enter($nginx, 'carol');

is($alice->ws->extensions, 'permessage-deflate; server_no_context_takeover; '
    . 'client_no_context_takeover', 'what Chromium offers');
is($bob->ws->extensions, 'permessage-deflate; server_no_context_takeover; '
    . 'client_no_context_takeover; server_max_window_bits=9', 'a window');
is($carol->ws->extensions, undef, 'not asked for, not given');

$alice->expect('peer-joined') for 1 .. 2;
$bob->expect('peer-joined');

my $word = join ' ', map { sprintf '%06x', $_ * 7919 % 5003 } 1 .. 3000;
my $data = qq({"sdp" : "$word", "n":1.50});

for my $round (1 .. 3) {
    $alice->ws->send_deflated(qq({"type":"message","data":$data}));

    for my $peer ($bob, $carol) {
        my $frame = $peer->ws->next_frame;

        is($frame->{rsv1}, $peer == $bob ? 1 : 0,
            $peer == $bob ? 'compressed' : 'as it is');

        cmp_ok(length $frame->{payload}, '<', length($data) / 2, 'shorter')
            if $peer == $bob;

        my $event = $peer->ws->_data($frame);

        like($event->{data}, qr/"data":\Q$data\E\}$/, 'byte for byte');
    }
}

$carol->ws->send_text(qq({"type":"message","data":$data}));

for my $peer ($alice, $bob) {
    my $frame = $peer->ws->next_frame;

    is($frame->{rsv1}, 1, 'one body for two windows');
    like($peer->ws->_data($frame)->{data}, qr/"data":\Q$data\E\}$/,
        'byte for byte');
}

$carol->ws->send_text('{"type":"message","data":1}');
is($alice->ws->next_frame->{rsv1}, 0, 'a short one stays as it is');


done_testing;

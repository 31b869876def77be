use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A frame that breaks RFC 6455 closes the connection with 1002.

my $nginx = Otter::Nginx->start;
my $text  = '{"type":"message","data":1}';

my %bytes = (
    'unmasked'             => frame(payload => $text, mask => 0),
    'an unmasked ping'     => frame(opcode => 'ping', mask => 0),
    'RSV1'                 => frame(payload => $text, rsv => 4),
    'RSV2'                 => frame(payload => $text, rsv => 2),
    'RSV3'                 => frame(payload => $text, rsv => 1),
    'RSV1 on a ping'       => frame(opcode => 'ping', rsv => 4),
    (map { ("opcode $_" => frame(opcode => $_, payload => 'x')) }
        3 .. 7, 11 .. 15),
    'a ping of 126 bytes'  => frame(opcode => 'ping', payload => 'x' x 126),
    'a pong of 126 bytes'  => frame(opcode => 'pong', payload => 'x' x 126),
    'a close of 126 bytes' =>
        frame(opcode => 'close', payload => "\x03\xe8" . 'x' x 124),
    'a ping of 64 KiB'     => frame(opcode => 'ping', payload => 'x' x 65536),
    'a fragmented ping'    => frame(opcode => 'ping', fin => 0),
    'a fragmented close'   => frame(opcode => 'close', fin => 0),
    'a continuation of nothing' =>
        frame(opcode => 'continuation', payload => $text),
    'a text within a fragmented text' =>
        frame(payload => $text, fin => 0) . frame(payload => $text),
    'a length in more bytes than needed' =>
        frame(payload => $text, wide => 16),
    'a length in eight bytes where two do' =>
        frame(payload => $text, wide => 64),
    'a length with the highest bit' => "\x81\xff\x80" . "\0" x 7 . 'mask',
    'a close of one byte'  => frame(opcode => 'close', payload => "\x03"),
);

for my $name (sort keys %bytes) {
    my $alice = Otter::Peer->enter($nginx, 'alice');

    $alice->ws->send_raw($bytes{$name});
    is($alice->close_code, 1002, $name);
    is(scalar $alice->last_messages, 0, 'with nothing before');
    $alice->drop;
}


done_testing;

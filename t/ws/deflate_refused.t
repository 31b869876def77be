use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Deflate qw(deflate);
use Otter::Test;

# What is compressed wrongly, or grows beyond the limit, closes the socket.

my $nginx = Otter::Nginx->start(
    server => 'otter_deflate on; otter_echo on; otter_max_message_size 64k;');

my @echo = (path => '/otter/echo', protocols => [],
    token => mint($nginx->key), deflate => 'permessage-deflate');

sub closes ($code, $name, @frames) {
    my $ws = $nginx->websocket(@echo);

    $ws->send_frame(%$_) for @frames;
    is($ws->close_code, $code, $name);
}

sub whole ($payload, %other) {
    return { payload => $payload, rsv => 4, %other };
}

my $good = deflate('x' x 1000);
my $noise = deflate(join '', map { chr rand 128 } 1 .. 5000);

closes(1007, 'a reserved type of block', whole("\x07"));
closes(1007, 'noise', whole("\xff\xfe\xfd\xfc\xfb\xfa"));
closes(1007, 'cut off', whole(substr $noise, 0, 2000));
closes(1007, 'a wrong length of a stored block', whole("\x00\x05\x00\x00\x00"));
closes(1007, 'not UTF-8 when it is decompressed', whole(deflate("a\xffb")));
closes(1002, 'the bit on a continuation', whole('', fin => 0),
    { opcode => 'continuation', rsv => 4, payload => $good });
closes(1002, 'the bit on a ping', { opcode => 'ping', rsv => 4 });
closes(1002, 'another bit', { payload => 'x', rsv => 2 });
closes(1009, 'one byte too long', whole(deflate('x' x (64 * 1024 + 1))));
closes(1009, 'a bomb', whole(deflate("\0" x 50_000_000)));

my $plain = $nginx->websocket(@echo, deflate => undef);

$plain->send_deflated('x');
is($plain->close_code, 1002, 'where it was not negotiated');

my $ws = $nginx->websocket(@echo);

for my $size (0, 1, 127, 128, 5000, 65535, 65536) {
    my $text = join '', map { chr 97 + rand 20 } 1 .. $size;

    $ws->send_deflated($text);
    ok($ws->next_message eq $text, "$size bytes come back");
}

$ws->send_frame(rsv => 4, payload => deflate('last block', 1));
is($ws->next_message, 'last block', 'a block marked as the last one');

my $parts = deflate('in fragments ' x 50);

$ws->send_frame(rsv => 4, fin => 0, payload => substr $parts, 0, 3);
$ws->ping('between');
$ws->send_frame(opcode => 'continuation', payload => substr $parts, 3);

is($ws->next_event->{data}, 'between', 'a ping between fragments');
is($ws->next_message, 'in fragments ' x 50, 'in fragments');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_max_message_size is taken; a byte more closes with 1009.

my $limit = 4096;
my $nginx = Otter::Nginx->start(server => "otter_max_message_size $limit;");
my ($bob) = peers($nginx, 'bob');

sub sized ($size) {
    my $text = '{"type":"message","data":""}';

    return $text =~ s/""/'"' . 'x' x ($size - length $text) . '"'/er;
}

for my $size ($limit - 1, $limit) {
    my $alice = Otter::Peer->enter($nginx, 'alice');

    $bob->expect('peer-joined');
    $alice->send(sized($size));
    is(length $bob->expect('message')->{data}, $size - 28, "$size bytes");

    $alice->ws->send_fragments(unpack '(a1000)*', sized($size));
    is(length $bob->expect('message')->{data}, $size - 28, 'in fragments');

    is($alice->leave, 1000, 'all is well');
    $bob->expect('peer-left');
}

my $big = sized($limit + 1);

my %way = (
    'in one frame' => frame(payload => $big),
    'announced'    => frame(payload => '', length => $limit + 1),
    'announced as 2^62' => frame(payload => '', length => 2**62),
    'in fragments' => frame(payload => substr($big, 0, 2000), fin => 0)
        . frame(payload => substr($big, 2000), opcode => 'continuation'),
);

for my $way (sort keys %way) {
    my $alice = Otter::Peer->enter($nginx, 'alice', room => 'lodge');

    $alice->ws->send_raw($way{$way});
    is($alice->close_code, 1009, "$way: 1009");
    $alice->drop;
}

ok($bob->is_quiet, 'nothing of it was relayed');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# The highest marks of a send queue and of a ring, and the zone's memory.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    server => "otter_send_buffer 256k; otter_message_rate 100000;
    otter_ping_interval 1h;\n$Otter::Status::status_conf",
    http => 'otter_zone otter:8m;');

my $before = status($nginx);

is($before->{send_queue_peak_bytes}, 0, 'nothing waited');
is($before->{zone_size_bytes}, 8 << 20, 'size of the zone');
cmp_ok($before->{zone_free_bytes}, '>', 4 << 20, 'most of it is free');
cmp_ok($before->{ring_size_bytes}, '>=', 32 << 10, 'size of a ring');

my $alice = Otter::Peer->enter($nginx, 'alice');

Otter::Peer->enter($nginx, "peer$_") for 1 .. 5;

my $slow = Otter::Peer->enter($nginx, 'slow', receive_buffer => 4096);

# The kernel's buffers come before Otter's.
ok(eventually(20, sub {
    $alice->message('x' x 60_000) for 1 .. 10;

    return status($nginx)->{send_queue_peak_bytes} > 60_000;
}), 'what a slow peer leaves waiting is seen');

cmp_ok(status($nginx)->{send_queue_peak_bytes}, '<=', 256 << 10,
    'and not more than it may');
cmp_ok(status($nginx)->{ring_peak_bytes}, '>', 0,
    'records waited in a ring');
cmp_ok(status($nginx)->{bus_messages}, '>', 0, 'and were counted');

for my $n (1 .. 200) {
    Otter::Peer->enter($nginx, "alone$n", room => "room$n");
}

cmp_ok(status($nginx)->{zone_free_bytes}, '<', $before->{zone_free_bytes},
    'rooms take memory');
is(status($nginx)->{rooms}{occupied}, 201, 'all are counted');


done_testing;

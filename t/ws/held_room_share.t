use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What is held for the away peers of one room takes an eighth of the zone at
# the most: up to that all is replayed, with one message more there is a
# resync, and nobody else is touched.

my $nginx = Otter::Nginx->start(http => 'otter_zone otter:2m;',
    mount  => 'otter_signaling on; location = /status { otter_status; }',
    server => 'otter_message_rate 1000; otter_send_buffer 8m;');

# Each message takes a page.
my $most = 2 * 1024 * 1024 / 8 / 4096;
my $text = 'x' x 3000;

for my $count ($most - 1, $most, $most + 1) {
    my ($alice, $bob) = peers($nginx, 'alice', 'bob',
        { room => "room-$count" });
    my $over = status('held_over');

    away($bob, $alice);

    $alice->message([$_, $text]) for 1 .. $count;
    $alice->is_quiet;

    is(status('held_bytes'), $count > $most ? 0 : $count * 4096,
        "$count messages are held, or none");
    is(status('held_over') - $over, $count > $most ? 1 : 0, 'it is counted');

    $bob->resume;

    if ($count > $most) {
        is($bob->expect('resync')->{room}{room}, "room-$count", 'a resync');

    } else {
        is_deeply([map { $bob->expect('message')->{data}[0] } 1 .. $count],
            [1 .. $count], 'all are replayed');
    }

    ok($bob->is_quiet, 'and nothing else');
    is(status('held_bytes'), 0, 'nothing is held any more');
    $_->leave for $alice, $bob;
}


# The peer has all there is, and is away without a trace.

sub away ($peer, $other) {
    $peer->send({ type => 'ack', seq => $peer->seq });
    $peer->is_quiet;
    $peer->send({ type => 'ack', seq => $peer->seq });
    $peer->ws->send_close(4000);
    $other->expect('peer-away');
}


sub status ($name) {
    return $nginx->http(prefix => '/')->get('status?format=json')
        ->json->{$name};
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What other hosts hold for a peer that is away, in case that its host dies,
# is bounded, to the byte: with more there is a resync.

use Otter::Hosts;

use constant LIMIT => 65536;

my $hosts = Otter::Hosts->start(workers => 2,
    server => 'otter_message_rate 100000;');
my %total = (under => LIMIT - 1, at => LIMIT, over => LIMIT + 1);
my (%alice, %bob, %size);

for my $room (sort keys %total) {
    my $alice = $alice{$room} = Otter::Peer->enter($hosts, 'alice', at => 0,
        room => $room);
    my $bob = $bob{$room} = Otter::Peer->enter($hosts, 'bob', at => 1,
        room => $room);

    $alice->expect('peer-joined');
    $alice->signal($bob, '');

    my $none = $bob->expect('signal');

    $size{$room} = length($bob->text) - length "{\"seq\":$none->{seq},";
    $bob->send({ type => 'ack', seq => $bob->seq });
    $bob->signal($alice, 'acknowledged');
    $alice->expect('signal');
    $bob->drop;
    $alice->expect('peer-away');
    ok(eventually(20, sub {
        $hosts->redis->command('XLEN', "otter:{$room}:s:" . $bob->id) == 1;
    }), "$room: the stream is there");
}

$hosts->kill(1);

for my $room (sort keys %total) {
    my ($alice, $bob) = ($alice{$room}, $bob{$room});
    my $rest = $total{$room};

    while ($rest) {
        my $length = $rest < 12_000 ? $rest : 10_000;

        $alice->signal($bob, 'x' x ($length - $size{$room}));
        $rest -= $length;
    }

    ok($alice->is_quiet, "$room: all is sent");
    $bob->resume(at => 0, seq => $bob->seq);

    my @types = map { $bob->next->{type} } 1 .. ($room eq 'over' ? 1 : 7);

    is_deeply(\@types, $room eq 'over' ? ['resync'] : [('signal') x 7],
        "$room: as it should");
    ok($bob->is_quiet, "$room: and no more");
}


done_testing;

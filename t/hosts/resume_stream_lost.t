use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A stream that Redis has lost, or a part of it, is never taken for all there
# is: with its host gone as well a session is resumed with a resync.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $redis = $hosts->redis;

sub ids ($stream) {
    return map { $_->[0] } @{ $redis->command('XRANGE', $stream, '-', '+') };
}

my %loses = (
    nothing => sub ($stream) { },
    all     => sub ($stream) { $redis->command('DEL', $stream) },
    first   => sub ($stream) { $redis->command('XDEL', $stream,
        (ids($stream))[0]) },
    one     => sub ($stream) { $redis->command('XDEL', $stream,
        (ids($stream))[3]) },
    last    => sub ($stream) { $redis->command('XDEL', $stream,
        (ids($stream))[-2]) },
    state   => sub ($stream) { $redis->command('XDEL', $stream,
        (ids($stream))[-1]) },
);

my (%alice, %bob, %seen);

for my $room (sort keys %loses) {
    my $alice = $alice{$room} = Otter::Peer->enter($hosts, 'alice',
        at => 0, room => $room);

    $bob{$room} = Otter::Peer->enter($hosts, 'bob', at => 1, room => $room);
    $alice->expect('peer-joined');
    $seen{$room} = $bob{$room}->seq;
    $bob{$room}->drop;
    $alice->expect('peer-away');
    $alice->signal($bob{$room}, $_) for 1 .. 5;

    ok(eventually(20, sub {
        $redis->command('XLEN', "otter:{$room}:s:" . $bob{$room}->id) == 6;
    }), "$room: the stream is there");
}

# Redis loses them when their host can't write them again any more.

$hosts->kill(1);
$loses{$_}->("otter:{$_}:s:" . $bob{$_}->id) for keys %loses;

for my $room (sort keys %loses) {
    my $bob = $bob{$room};

    $bob->resume(at => 0, seq => $seen{$room});
    is($bob->welcome->{resumed}, true, "$room: resumed");

    if ($room eq 'nothing') {
        is($bob->expect('signal')->{data}, $_, "nothing lost: signal $_")
            for 1 .. 5;
    } else {
        is($bob->next->{type}, 'resync', "$room: a resync");
    }

    ok($bob->is_quiet, "$room: no more");
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When the host of a session is no more, of many that come with its secret at
# once, at all other hosts, one gets it, with all that it missed: also at a
# host that knew nothing of the room.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 4, workers => 2);

for my $host (1, 2) {
    my $room  = "den-$host";
    my $alice = Otter::Peer->enter($hosts, 'alice', at => 0, room => $room);
    my $bob   = Otter::Peer->enter($hosts, 'bob', at => $host,
        room => $room);

    $alice->expect('peer-joined');

    my $stream = "otter:{$room}:s:" . $bob->id;
    my $seen   = $bob->seq;

    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, $_) for 1 .. 5;
    ok(eventually(20, sub {
        $hosts->redis->command('XLEN', $stream) == 6;
    }), 'what it missed is in the stream');
    $hosts->kill($host);

    # At first at the one that has never heard of the room.

    my @tries = map { $bob->try_resume(later => 1, at => $_, seq => $seen) }
        $host == 1 ? (3, 3, 0, 0, 2, 2) : (3);

    $_->finish for @tries;

    my ($won, @more) = grep { $_->status == 101 } @tries;

    ok($won, 'one gets it') || diag($tries[0]->response->body);
    is(scalar @more, 0, 'and no other');
    is_deeply([grep { $_ != 401 && $_ != 101 } map { $_->status } @tries],
        [], 'they get a 401');

    $bob->resumed($won);
    is_deeply([map { $bob->next->{data} // 'no signal' } 1 .. 5], [1 .. 5],
        'with what it missed');
    ok($bob->is_quiet, 'once');
    is($alice->expect('peer-back')->{peer}, $bob->id, 'the other hears: back');
    ok($alice->is_quiet, 'once');
    $bob->signal($alice, 'hello');
    is($alice->expect('signal')->{data}, 'hello', 'and hears it');
    $alice->signal($bob, 'hello');
    is($bob->expect('signal')->{data}, 'hello', 'as it hears the other');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# However many join at once, and wherever: a room takes as many as it may.

use Otter::Hosts;

my $MAX   = 8;
my $hosts = Otter::Hosts->start(workers => 2,
    server => "otter_max_peers $MAX;");

for my $round (1 .. 5) {
    my $room  = "room-$round";
    my @tries = map {
        Otter::Peer->knock($hosts, "peer-$_", room => $room, later => 1)
    } 1 .. 20;

    $_->ws->finish for @tries;

    my @in  = grep { $_->ws->status == 101 } @tries;
    my @out = grep { $_->ws->status != 101 } @tries;

    is(scalar @in, $MAX, "$MAX of 20 get in");
    is_deeply([grep { $_->ws->status != 409 } @out], [], 'the others: 409');
    is($out[0]->ws->response->code, 'room-full', 'full');
    is(Otter::Peer->knock($hosts, 'late', room => $room)->ws->status, 409,
        'and so for who comes later') for 1, 2;

    # Each has heard of each, be it by its welcome or afterwards.

    for my $peer (@in) {
        my %seen;

        $peer->resumed($peer->ws);
        $seen{ $_->{identity} }++ for @{ $peer->welcome->{peers} };

        while (keys %seen < $MAX - 1) {
            my $message = $peer->next;

            next if $message->{type} eq 'room-updated';
            die "$peer->{identity} got $message->{type}"
                if $message->{type} ne 'peer-joined';
            $seen{ $message->{peer}{identity} }++;
        }

        is_deeply(\%seen, { map { $_->identity => 1 }
            grep { $_ != $peer } @in }, $peer->identity . ' sees the others');
    }

    $in[0]->leave;

    # Who filled the room has heard of that by its welcome.

    my $left = $in[-1]->next;

    $left = $in[-1]->next if $left->{type} eq 'room-updated';
    is($left->{peer}, $in[0]->id, 'one leaves');

    my @next = map {
        Otter::Peer->knock($hosts, "next-$_", room => $room, later => 1)
    } 1 .. 4;

    $_->ws->finish for @next;
    is((scalar grep { $_->ws->status == 101 } @next), 1, 'one gets its place');
    $_->drop for map { $_->ws } @next;
}


done_testing;

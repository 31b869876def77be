use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room is closed at one host while others join it at another one: each of them
# is either put out, or in a room that all hosts know.  Nobody is refused.

use Otter::Hosts;
use POSIX ();
use Time::HiRes qw(sleep);

my $ROUNDS = 60;
my $hosts  = Otter::Hosts->start(workers => 2,
    api_keys => [{ id => 'main' }]);
my $key    = $hosts->nginx(0)->api_key;


sub listed ($n) {
    my $nginx  = $hosts->nginx($n);
    my $answer = $nginx->http->get('rooms/den', bearer => $nginx->api_key);

    return [] if $answer->status == 404;
    return ["status " . $answer->status] if $answer->status != 200;

    return [] if $answer->json->{status} eq 'closed';
    return [sort map { $_->{identity} } @{ $answer->json->{peers} }];
}


# Those whose sockets are open, and have not been told of the end.

sub inside (@peers) {
    Otter::Socket->poll(0.05, map { $_->ws->socket } @peers);

    return grep {
        my $peer = $_;

        while (my $event = $peer->ws->pending_event) {
            $peer->{over} = $event->{code} if $event->{type} eq 'close';
        }

        !defined $peer->{over};
    } @peers;
}


my (%status, %code, %left);

for my $round (1 .. $ROUNDS) {
    my @peers = Otter::Peer->enter($hosts, "first-$round",
        at => $round % 2);
    my $pid = fork // die "fork: $!";

    if (!$pid) {
        sleep rand 0.012;

        my $answer = $hosts->nginx(0)->http->delete('rooms/den',
            bearer => $key);

        POSIX::_exit($answer->status == 204 ? 0 : 1);
    }

    for my $n (1 .. 4) {
        my $peer = Otter::Peer->knock($hosts, "peer-$round-$n",
            at => $n < 4 ? 1 : 0);

        $status{ $peer->ws->status }++;
        push @peers, $peer if $peer->ws->status == 101;
    }

    waitpid $pid, 0;
    is($?, 0, "round $round: closed") if $?;

    my @open;

    my $agree = eventually(10, sub {
        @open = inside(@peers);

        my $ids = scalar @open;

        return $ids == @{ listed(0) } && $ids == @{ listed(1) }
            && "@{ listed(0) }" eq "@{ listed(1) }";
    });

    if (!$agree) {
        fail("round $round: all hosts agree");
        diag to_json({ open => [map { $_->identity } @open], 0 => listed(0),
            1 => listed(1) });
    }

    $code{ $_->{over} }++ for grep { defined $_->{over} } @peers;
    $left{ scalar @open }++;

    # Whoever is left goes away just when the room is closed.
    $_->ws->drop for @open;
    $hosts->nginx(0)->http->delete('rooms/den', bearer => $key);
    ok(eventually(10, sub { !@{ listed(0) } && !@{ listed(1) } }),
        "round $round: nobody is left") or last;
}

is_deeply([keys %status], [101], 'nobody was refused')
    or diag to_json(\%status);
is_deeply([keys %code], [4404], 'who was put out was told why')
    or diag to_json(\%code);
cmp_ok(scalar keys %left, '>', 1, 'some came before, and some after it: '
    . to_json({ left => \%left, closed => \%code }));
ok($hosts->heals(20), 'health says ok');


done_testing;

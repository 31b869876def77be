use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An identity joins many times at once, so that answers of Redis to the workers
# of a host cross: the one that Redis has stays, connected and reachable.

use Otter::Hosts;
use Time::HiRes qw(sleep);

my $hosts = Otter::Hosts->start(workers => 2, api_keys => [{ id => 'main' }],
    server => 'otter_max_peers 64;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);

# As the host has it, all told.
sub listed ($at, $identity) {
    my $nginx = $hosts->nginx($at);

    return join ' ', map { $_->{id} } grep { $_->{identity} eq $identity }
        @{ $nginx->http->get('rooms/den',
            bearer => $nginx->api_key)->json->{peers} };
}

for my $round (1 .. 8) {
    my $carol = "carol$round";
    my @tries = map { Otter::Peer->knock($hosts, $carol, later => 1) } 1 .. 10;

    $_->ws->finish for @tries;

    my @in = grep { $_->ws->status == 101 } @tries;
    my (%id, @open);

    for my $peer (@in) {
        my $welcome = eval { $peer->comes('welcome', 2) } or next;

        $id{$peer} = $welcome->{self}{id};
    }

    eventually(20, sub {
        @open = grep { $_->ws->close_code(0.05) eq 'still open' } @in;
        return @open <= 1;
    });

    is(scalar @open, 1, "$carol: one stays") or next;
    ok(eventually(10, sub { listed($_, $carol) eq $id{ $open[0] } }),
        "host $_ has that one") for 0, 1;
}


done_testing;

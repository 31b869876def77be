use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When an identity joins many times at once, at two hosts, one stays: the same
# for everyone.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

my @tries = map { Otter::Peer->knock($hosts, 'carol', later => 1) } 1 .. 10;

$_->ws->finish for @tries;

# One that was replaced before it was let in may be refused.

my @in   = grep { $_->ws->status == 101 } @tries;
my @open = grep { $_->ws->close_code(2) eq 'still open' } @in;

is_deeply([grep { $_ !~ /^(?:101|409|503)$/ } map { $_->ws->status } @tries],
    [], 'all may join');
is(scalar @open, 1, 'one stays');

for my $peer ($alice, $bob) {
    my @left;

    push @left, $_ for $peer->pending;

    my %here;

    $_->{type} eq 'peer-joined' ? $here{ $_->{peer}{id} }++
        : delete $here{ $_->{peer} } for @left;

    is(scalar keys %here, 1, $peer->identity . ' sees one');
}

my $dave = Otter::Peer->enter($hosts, 'dave', at => 0);

is_deeply([sort map { $_->{identity} } @{ $dave->welcome->{peers} }],
    [qw(alice bob carol)], 'as does who joins later');


done_testing;

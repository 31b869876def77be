use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Of many that come with the same secret at once, at all hosts, one gets the
# session; and everyone else sees one peer.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

for my $round (1 .. 8) {
    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, "$round.$_") for 1 .. 3;

    my @tries = map { $bob->try_resume(later => 1, at => $_ % 2) } 1 .. 6;

    $_->finish for @tries;

    my ($won, @more) = grep { $_->status == 101 } @tries;

    ok($won, 'one gets it');
    is(scalar @more, 0, 'and no other');
    is_deeply([grep { $_->status != 401 && $_ != $won } @tries], [],
        'they get a 401');

    $bob->resumed($won);
    is($bob->welcome->{resumed}, true, 'it is the session');

    my @missed = map { $bob->next } 1 .. 3;

    is_deeply([map { $_->{data} } @missed], [map { "$round.$_" } 1 .. 3],
        'with what it missed, once');
    ok($bob->is_quiet, 'and no more');
    is($alice->expect('peer-back')->{peer}, $bob->id, 'the other hears: back');
    ok($alice->is_quiet, 'once');
    $bob->signal($alice, $round);
    is($alice->expect('signal')->{data}, $round, 'and hears it');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What was sent into a socket that was dying is replayed as well: seq in the
# request says what was seen.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->signal($bob, $_) for 1 .. 5;
is($bob->expect('signal')->{data}, $_, "signal $_ arrives") for 1 .. 5;

for my $lost (5, 3, 0) {
    $bob->drop;
    $alice->expect('peer-away');

    $bob->resume(seq => $bob->seq - $lost);
    $alice->expect('peer-back');
    is($bob->welcome->{resumed}, true, "resumed, $lost messages ago");

    is($bob->expect('signal')->{data}, $_, "signal $_ comes again")
        for 6 - $lost .. 5;

    is(scalar(my @more = $bob->pending), 0, 'and nothing else');
}


done_testing;

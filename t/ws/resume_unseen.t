use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What was sent into a socket that was dying is replayed as well: seq in the
# request says what was seen.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $seen = $bob->seq;

$alice->signal($bob, $_) for 1 .. 5;
is($bob->expect('signal')->{data}, $_, "signal $_ arrives") for 1 .. 5;

$bob->drop;
$alice->expect('peer-away');

for my $lost (5, 3, 0) {
    $bob->resume(seq => $seen + 5 - $lost);
    is($bob->welcome->{resumed}, true, "resumed, $lost messages ago");

    is($bob->expect('signal')->{data}, $_, "signal $_ comes again")
        for 6 - $lost .. 5;
    ok($bob->is_quiet, 'and nothing else');

    $alice->expect('peer-back');
    $bob->drop;
    $alice->expect('peer-away');

    last if $lost == 3;
}


done_testing;

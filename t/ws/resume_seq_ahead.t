use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A seq that was never sent does not lead to a silent hole, and the server goes
# on counting where it was.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $ahead (1, 1000, 2**40) {
    my $seen = $bob->seq;

    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, 'missed');
    $alice->is_quiet;

    my $ws = $bob->try_resume(seq => $seen + $ahead);

    is($ws->status, 101, "$ahead ahead: resumed");
    $bob->resumed($ws);
    is($bob->welcome->{seq}, $seen + 1, "the server's own number");
    is($bob->expect('resync')->{seq}, $seen + 2, 'and a resync');
    ok($bob->is_quiet, 'and no more');
    $alice->expect('peer-back');
}


done_testing;

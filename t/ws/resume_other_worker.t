use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A session resumes on any worker.

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport');
my ($alice, $bob) = peers($nginx, qw(alice bob));
my %seen;

for my $round (1 .. 30) {
    $seen{ $nginx->worker_of($bob->ws->socket) }++;

    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, $round);
    $bob->resume;
    is($bob->expect('signal')->{data}, $round, "round $round");
    $alice->expect('peer-back');
}

cmp_ok(scalar keys %seen, '>=', 3, 'on several workers');


done_testing;

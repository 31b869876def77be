use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The master is killed, and Sentinel puts its replica in its place.

use Otter::Faults;
use Otter::Sentinel;

my $sentinel = Otter::Sentinel->start;

my $run = Otter::Faults->run('Redis failed over by Sentinel', sub ($run) {
    my $old = $sentinel->master;

    $old->kill;
    $run->talk(0.1) while $sentinel->master->port == $old->port;
}, redis => $sentinel, urls => $sentinel->url);

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

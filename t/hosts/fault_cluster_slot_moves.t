use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Slots of a Redis cluster go to another node, and those of all rooms are
# among them.

use Otter::Cluster;
use Otter::Faults;

my $cluster = Otter::Cluster->start(masters => 2);

my $run = Otter::Faults->run('a cluster slot moves', sub ($run) {
    my %slots = map { $cluster->slot_of("{$_}") => 1 }
        map { $_->{room} } $run->crowd->members;

    for my $slot (sort { $a <=> $b } keys %slots) {
        $cluster->move_slot($slot, 1 - $cluster->owner($slot));
        $run->talk(0.2);
    }
}, redis => $cluster, urls => $cluster->url);

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

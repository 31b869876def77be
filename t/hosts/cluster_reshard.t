use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Slots are moved as administrators do it, by redis-cli, to a node that had
# none and back, while peers of a room among them talk.

use Otter::Cluster;
use Otter::Hosts;

my $cluster = Otter::Cluster->start(masters => 2);
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url);

# A room in one of the lowest slots, which are the first to go.

my ($room) = grep { $cluster->slot_of("{$_}") < 100 } map { "r$_" } 1 .. 2000;
my $slot   = $cluster->slot_of("{$room}");

my ($alice, $bob) = map {
    Otter::Peer->enter($hosts, "p$_", at => $_, room => $room)
} 0, 1;

$alice->expect('peer-joined');

my ($sent, $last, $gaps, $told) = (0, 0, 0, 0);


sub talk () {
    $alice->signal($bob, ++$sent) for 1 .. 10;

    while ($last < $sent) {
        my $message = eval { $bob->next($told ? 3 : 10) };

        # The last ones may be among those that are missing.
        last if !$message && $told;

        $told = 1 if $message->{type} eq 'resync';
        next if $message->{type} ne 'signal';

        $gaps++ if $message->{data} != $last + 1;
        $last = $message->{data};
    }

    $gaps++ if $last < $sent;
    $last = $sent;
}


for my $to (1, 0) {
    talk();
    $cluster->reshard(1 - $to, $to, 100) if $to == 1;
    $cluster->move_slot($slot, 0) if $to == 0;
    is($cluster->owner($slot), $to, "the slot is at node $to");
    talk() for 1 .. 3;
}

ok(!$gaps || $told, 'what is missing is told');
ok($hosts->heals(10), 'health says ok');


done_testing;

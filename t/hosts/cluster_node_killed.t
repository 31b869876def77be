use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A node of a Redis cluster dies, and its replica takes its slots: rooms there
# go on.  Then a master and its replica change places by agreement.

use Otter::Cluster;
use Otter::Hosts;

my $cluster = Otter::Cluster->start(masters => 3, replicas => 1,
    password => 'secret', timeout => 2000);
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url,
    workers => 2);
my $slot    = $cluster->slot_of('{den}');
my $dies    = $cluster->owner($slot);
my ($alice, $bob) = map { Otter::Peer->enter($hosts, "p$_", at => $_) } 0, 1;

$alice->expect('peer-joined');


sub talk ($name) {
    my $heard = eventually(20, sub {
        $alice->signal($bob, $name);

        while (my $message = eval { $bob->next(0.3) }) {
            return 1 if $message->{type} eq 'signal'
                && $message->{data} eq $name;
        }

        return;
    });

    return ok($heard, "$name: they talk");
}


talk('at first');
$cluster->node($dies)->kill;
ok($hosts->heals(10, 'degraded'), 'a node is killed: health says degraded');
ok(eventually(20, sub {
    return ($cluster->owner($slot) // $dies) != $dies;
}), 'its replica takes the slots');
$cluster->whole;
ok($hosts->heals(20), 'health says ok');
talk('its replica is used');

my $now = $cluster->owner($slot);

$cluster->node($dies)->start_again;
ok(eventually(20, sub {
    return (eval { $cluster->node($dies)->info('master_link_status') } // '')
        eq 'up';
}), 'it comes back as a replica');

# The nodes give up an agreement that takes them longer than five seconds.
my $asked = 0;

ok(eventually(40, sub {
    if (time > $asked + 6) {
        $asked = time;
        eval { $cluster->node($dies)->command('CLUSTER', 'FAILOVER') };
    }

    return $cluster->owner($slot) == $dies;
}), 'and takes its slots back');
talk('back again');
ok($hosts->heals(20), 'health says ok');


done_testing;

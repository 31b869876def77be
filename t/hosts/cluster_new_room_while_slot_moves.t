use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room that Redis has nothing of can't be made while its slot is between
# two nodes of the cluster (TRYAGAIN): who joins waits for the move to end.

use Otter::Cluster;
use Otter::Hosts;
use Time::HiRes qw(sleep);

my $cluster = Otter::Cluster->start(masters => 2);
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url);
my $slot    = $cluster->slot_of('{den}');
my $to      = 1 - $cluster->owner($slot);

$cluster->announce($slot, $to);

my $knock = Otter::Peer->knock($hosts, 'alice', at => 0, later => 1);

sleep 0.3;
ok(!$knock->ws->is_answered, 'who asks to join waits');
$cluster->tell($slot, $to);
is($knock->ws->finish->status, 101, 'and is in when the slot has moved');

my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);

my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

is($alice->expect('peer-joined')->{peer}{identity}, 'bob', 'hears of others');
$bob->signal($alice, 'there');
is($alice->expect('signal')->{data}, 'there', 'and from them');


done_testing;

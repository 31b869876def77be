use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Hosts on a Redis cluster: rooms in the slots of each of its nodes, by sharded
# channels.

use Otter::Cluster;
use Otter::Hosts;

my $cluster = Otter::Cluster->start;
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url,
    workers => 2);

my %in;

for my $n (1 .. 30) {
    my $room = "r$n";

    $in{ $cluster->owner($cluster->slot_of("{$room}")) } //= $room;
}

is_deeply([sort keys %in], [0 .. 2], 'there is a room for each node');

my %pair;

for my $node (sort keys %in) {
    my ($alice, $bob) = map {
        Otter::Peer->enter($hosts, "p$_", at => $_, room => $in{$node})
    } 0, 1;

    $alice->expect('peer-joined');
    $alice->signal($bob, "node $node");
    is($bob->expect('signal')->{data}, "node $node", "node $node: there");
    $bob->message("back $node");
    is($alice->expect('message')->{data}, "back $node", 'and back');
    $pair{$node} = [$alice, $bob];
}

is_deeply([map { $_->command('PUBSUB', 'CHANNELS') }
        map { $cluster->node($_) } 0 .. 2], [[], [], []],
    'no channel is one of the whole cluster');


done_testing;

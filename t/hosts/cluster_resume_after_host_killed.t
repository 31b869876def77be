use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# On a Redis cluster, too, a peer that was away when its host died comes back
# with all that it missed: from whatever node has the room.

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
    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, "$node $_") for 1 .. 20;
    $pair{$node} = [$alice, $bob];

    my $stream = "otter:{$in{$node}}:s:" . $bob->id;

    ok(eventually(20, sub {
        $cluster->command('XLEN', $stream) == 21;
    }), "node $node: the stream is there");
}

$hosts->kill(1);

for my $node (sort keys %pair) {
    my ($alice, $bob) = @{ $pair{$node} };

    $bob->resume(at => 0);
    is_deeply([map { $bob->next->{data} } 1 .. 20],
        [map { "$node $_" } 1 .. 20], "node $node: all, in order");
    ok($bob->is_quiet, 'and no more');
}


done_testing;

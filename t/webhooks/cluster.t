use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# In a Redis cluster a room and the stream of its events are on different
# nodes: events come all the same, once and in order, also those of a time at
# which nobody fetched them.

use Otter::Cluster;
use Otter::Hosts;
use Otter::Receiver;
use Otter::Webhooks qw(body_of);

my $cluster = Otter::Cluster->start(masters => 3);
my $hosts = Otter::Hosts->start(redis => $cluster, urls => $cluster->url);
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $cluster,
    conf      => { sweep => '1s', timeout => '1s', lease => '2s' },
    endpoints => { hook => { url => $receiver->url('hook') } },
);


sub come_and_go ($n) {
    for my $room (map { "room-$_" } 1 .. 8) {
        for my $at (0, 1) {
            Otter::Peer->enter($hosts, "peer-$n", room => $room, at => $at)
                ->leave;
        }
    }
}


sub came ($count, $name) {
    my %types;

    for my $request ($receiver->wait_for(hook => $count, 30)) {
        my $body = body_of($request);

        push @{ $types{ $body->{data}{room}{room} } }, $body->{type};
    }

    my @twice = qw(room.opened peer.joined peer.left room.closed) x 2;

    is_deeply(\%types, { map { ("room-$_" => [(@twice) x ($count / 64)]) }
        1 .. 8 }, $name);
}


my $pid = $webhooks->start;

come_and_go(1);
came(64, 'the events of eight rooms, once, in order');

$webhooks->stop($pid);
come_and_go(2);
$webhooks->run_worker;
came(128, 'and those of a time without a worker');

for my $key (map { "otter:{room-$_}:x" } 1 .. 8) {
    my $node = $cluster->node($cluster->owner($cluster->slot_of($key)));

    is($node->command('LLEN', $key), 0, "$key: none waits any more");
}


done_testing;

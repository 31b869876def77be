use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# As many hosts as can be in doubt at a time seem dead, and the last room that
# they were known by ends before that is sure: the next dead host's peers are
# announced gone all the same.

use Otter::Hosts;
use Time::HiRes qw(sleep time);

my $hosts = Otter::Hosts->start(hosts => 1, workers => 1,
    server => 'otter_max_peers 100;');


# Peers in the room of hosts that never were: each as the given peer's record.

sub ghosts ($peer, $room, $count) {
    my $redis  = $hosts->redis;
    my $key    = "otter:{$room}";
    my @record = split /\t/,
        $redis->command('HGET', "$key:m", $peer->id), -1;

    for my $n (1 .. $count) {
        my $id   = sprintf '%s%0*d', 'FakePeer', 20 - 8, $n;
        my @fake = @record;

        substr $id, 8, length $room, $room;
        $fake[0] = $id =~ s/Peer/Host/r;
        $fake[4] = "ghost$n";
        $fake[5] =~ s/"id":"[^"]+/"id":"$id/;
        $fake[5] =~ s/"identity":"[^"]+/"identity":"ghost$n/;

        $redis->command('HSET', "$key:m", $id, join "\t", @fake);
        $redis->command('HSET', "$key:i", "ghost$n", $id);
    }

    $redis->command('HINCRBY', "$key:r", 'v', 1);

    for (1 .. $count) {
        like($peer->expect('peer-joined')->{peer}{identity}, qr/^ghost/,
            'a ghost is seen');
    }
}


my $alice = Otter::Peer->enter($hosts, 'alice', room => 'den');

ghosts($alice, 'den', 32);

# Two looks at their leases, but not yet the three seconds that make it sure.

sleep 2;
$alice->leave;

my $bob = Otter::Peer->enter($hosts, 'bob', room => 'lodge');

ghosts($bob, 'lodge', 1);

my $left = $bob->expect('peer-left', 15);

like($left->{peer}, qr/^Fake/, 'the dead host is cleared');
is($left->{reason}, 'timeout', 'as such');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When all have left, nothing of their rooms is left in Redis.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(http => 'otter_redis_prefix beaver:;',
    server => 'otter_resume_timeout 1s;');
my $redis = $hosts->redis;

# What there is besides leases, which each host keeps.

sub rooms () {
    return [
        (grep { !/\blease\b/ } @{ $redis->command(qw(KEYS *)) }),
        (grep { /\{room-/ } @{ $redis->command(qw(PUBSUB CHANNELS *)) }),
    ];
}

my @peers = map {
    my $room = "room-$_";

    map { Otter::Peer->enter($hosts, "peer-$_", at => $_ % 2, room => $room) }
        1 .. 4;
} 1 .. 5;

my @names = (@{ $redis->command(qw(KEYS *)) },
    @{ $redis->command(qw(PUBSUB CHANNELS *)) });

is_deeply([grep { !/^beaver:/ } @names], [],
    'every name begins with the prefix');
cmp_ok(scalar @{ rooms() }, '>=', 10, 'the rooms are there');

$peers[$_]->drop for 0 .. 4;
$_->leave for @peers[5 .. 19];

# But for the version, above which the next room of that name begins.

sub left () { return [grep { !/:c$/ } @{ rooms() }] }

ok(eventually(10, sub { !@{ left() } }), 'and nothing of them is left')
    || diag(join "\n", @{ left() });

for my $key (@{ $redis->command(qw(KEYS *)) }) {
    my $seconds = $redis->command('TTL', $key);

    ok($seconds > 0 && $seconds <= 60, "$key ends by itself");
}


done_testing;

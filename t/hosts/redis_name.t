use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Names of Redis are asked for anew when a connection is made: one that is not
# known at the start, that fails for a while, and that leads elsewhere.

use Otter::DNS;
use Otter::Hosts;
use Otter::Redis;

my $redis = Otter::Redis->start;
my $dns   = Otter::DNS->start;
my $url   = 'redis://redis.otter.invalid:' . $redis->port;
my $hosts = Otter::Hosts->start(redis => $redis, urls => $url,
    http   => 'resolver ' . $dns->address . ' valid=1s ipv6=off;'
        . 'resolver_timeout 1s;',
    health => 'degraded');
my @pids = map { $hosts->nginx($_)->worker_pids } 0, 1;

like($hosts->nginx(0)->error_log,
    qr/redis redis\.otter\.invalid:\d+ \(commands\): its name has no address/,
    'it is said that the name is not known');

$dns->answers('redis.otter.invalid' => 'failed');
$dns->answers('redis.otter.invalid' => '127.0.0.1');
ok($hosts->heals(20), 'the name is known: health says ok');

my ($alice, $bob) = map { Otter::Peer->enter($hosts, "p$_", at => $_) } 0, 1;

$alice->expect('peer-joined');
$alice->signal($bob, 'hello');
is($bob->expect('signal')->{data}, 'hello', 'peers talk');

$dns->answers('redis.otter.invalid' => 'failed');
$redis->restart;
ok($hosts->heals(20), 'the name fails: the last address is used');

# What the resolver remembers has to end first.

$dns->answers('redis.otter.invalid' => '127.0.0.3');
$redis->stop;
ok($hosts->heals(10, 'degraded'), 'Redis is gone');
sleep 2;
$redis->start_again;
ok(!$hosts->heals(3), 'the name leads elsewhere: so do they');

$dns->answers('redis.otter.invalid' => '127.0.0.1');
ok($hosts->heals(20), 'and come back');
is_deeply([map { $hosts->nginx($_)->worker_pids } 0, 1], \@pids,
    'all of it by the same workers');


done_testing;

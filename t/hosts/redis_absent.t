use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# nginx starts without Redis, serves its own peers, and finds those of other
# hosts when Redis comes.

use Otter::Hosts;
use Otter::Redis;

my $redis = Otter::Redis->start;

$redis->stop;

my $hosts = Otter::Hosts->start(redis => $redis, health => 'degraded');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined');
$alice->signal($bob, 1);
is($bob->expect('signal')->{data}, 1, 'peers of one host signal');

$redis->start_again;
ok($hosts->heals(15), 'health says ok');

for my $peer ($alice, $bob) {
    my $joined = $peer->next(10);

    $joined = $peer->next(10) while $joined->{type} eq 'resync';

    is($joined->{type}, 'peer-joined', 'one joined');
    is($joined->{peer}{id}, $carol->id, 'from the other host');
}

my %here;

while (keys %here < 2) {
    my $joined = $carol->next(10);

    $here{ $joined->{peer}{id} } = 1 if $joined->{type} eq 'peer-joined';
}

is_deeply(\%here, { $alice->id => 1, $bob->id => 1 }, 'as it sees them');
$carol->message('hello');
is($_->expect('message')->{data}, 'hello', 'and reaches them')
    for $alice, $bob;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Right after FLUSHALL Redis knows nothing of a session, but its host does: a
# resume at another one waits for that, and nothing is missed.  The stream is
# written again as well, so that even then the host may die.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $redis = $hosts->redis;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

for my $round (1 .. 3) {
    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, "$round $_") for 1 .. 3;
    $redis->command('FLUSHALL');
    $bob->resume(at => $round % 2 ? 0 : 1);
    is($bob->welcome->{resumed}, true, 'resumed at the other host');
    is($bob->expect('signal')->{data}, "$round $_", "with $_") for 1 .. 3;
    ok($bob->is_quiet, 'and no more');
    is($alice->expect('peer-back')->{peer}, $bob->id, 'who is back');
}

# bob is at host 0 now, where alice is, too.

my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$_->expect('peer-joined') for $alice, $bob;
$carol->drop;
$_->expect('peer-away') for $alice, $bob;
$bob->signal($carol, $_) for 1 .. 3;

my $stream = 'otter:{den}:s:' . $carol->id;

ok(eventually(20, sub { $redis->command('XLEN', $stream) == 4 }),
    'a stream is there');
$redis->command('FLUSHALL');
ok(eventually(20, sub { $redis->command('XLEN', $stream) == 4 }),
    'and there again');
$hosts->kill(1);
$carol->resume(at => 0);
is($carol->expect('signal')->{data}, $_, "with $_") for 1 .. 3;
ok($carol->is_quiet, 'and no more');

# Of a room that Redis and all hosts know nothing of nobody waits for long.

is_problem(Otter::Peer::try_resume({ %$carol,
    token => mint($hosts->key, sub => 'carol', room => 'nowhere') })->response,
    '401 resume-invalid', 'a room that is not there');


done_testing;

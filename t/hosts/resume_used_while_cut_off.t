use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A peer comes back to a host that is cut off from Redis, and its secret is used
# again at another one.  What it was sent at the first is told there as a loss
# when the two meet again.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');

my ($secret, $seen) = ($bob->secret, $bob->seq);
my $stream = 'otter:{den}:s:' . $bob->id;

$bob->drop;
$_->expect('peer-away') for $alice, $carol;
$alice->signal($bob, 'from alice');
ok(eventually(20, sub {
    $hosts->redis->command('XLEN', $stream) == 3;
}), 'what waits for bob is in the stream')
    || diag($hosts->redis->command('XLEN', $stream));

$hosts->cable(1)->cut;

my $here = bless { %$bob }, ref $bob;

$here->resume(at => 1);
is($here->welcome->{resumed}, true, 'resumed at the host that is cut off');
$carol->signal($here, 'only here');

my $message = $here->next(20);

$message = $here->next(20) until ($message->{data} // '') eq 'only here';
pass('and hears what is said there');

my $there = bless { %$bob }, ref $bob;

$there->resume(at => 0, secret => $secret, seq => $seen);
is($there->welcome->{resumed}, true, 'and at another one');
is($there->expect('signal')->{data}, 'from alice',
    'with what it missed, and no resync');

$hosts->cable(1)->mend;
is($here->close_code(30), 4409, 'the one that was cut off is closed');
ok($there->comes('resync', 20), 'the other one is told of a loss');
ok($hosts->heals(20), 'health says ok again');


done_testing;

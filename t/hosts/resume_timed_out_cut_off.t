use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host is cut off from Redis while a peer of it is away.  The session goes on
# at another host, and at its old one its time ends.  What that one held for it
# is told as a loss when the two meet again.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1,
    server => 'otter_resume_timeout 6s;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');

my $seen   = $bob->seq;
my $stream = 'otter:{den}:s:' . $bob->id;

$bob->drop;
$_->expect('peer-away') for $alice, $carol;
$alice->signal($bob, 'from alice');
ok(eventually(5, sub {
    $hosts->redis->command('XLEN', $stream) == 3;
}), 'what waits for bob is in the stream')
    || diag($hosts->redis->command('XLEN', $stream));

$hosts->cable(1)->cut;
$carol->signal($bob, 'too late');
ok($carol->is_quiet, 'what carol sends is held');

$bob->resume(at => 0, seq => $seen);
is($bob->welcome->{resumed}, true, 'resumed at the other host');
is($bob->expect('signal')->{data}, 'from alice',
    'with what it missed, and no resync');

my $left = $carol->comes('peer-left', 30);

is($left && $left->{reason}, 'timeout', 'where it was, its time ends');
$hosts->cable(1)->mend;
ok($bob->comes('resync', 30), 'bob is told of a loss');
ok($hosts->heals(20), 'health says ok again');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host is cut off from Redis, and more comes for an absent peer of it than is
# held for one.  The session goes on at another host, which is told of the loss
# when the two meet again.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1,
    server => 'otter_send_buffer 8k; otter_message_rate 1000;');
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
ok(eventually(20, sub {
    $hosts->redis->command('XLEN', $stream) == 3;
}), 'what waits for bob is in the stream')
    || diag($hosts->redis->command('XLEN', $stream));

$hosts->cable(1)->cut;
$carol->signal($bob, 'too much ' . 'x' x 1000) for 1 .. 20;
ok($carol->is_quiet, 'carol is not told of anything');

$bob->resume(at => 0, seq => $seen);
is($bob->welcome->{resumed}, true, 'resumed at the other host');
is($bob->expect('signal')->{data}, 'from alice',
    'with what it missed, and no resync');

$hosts->cable(1)->mend;
ok($bob->comes('resync', 20), 'bob is told of a loss');
ok($hosts->heals(20), 'health says ok again');


done_testing;

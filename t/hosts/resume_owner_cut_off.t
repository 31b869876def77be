use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host is cut off from Redis while a peer of it is away: the session goes on
# at another host from what is in its stream.  What the peer's old host held
# after that is told as a loss when the two meet again.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1);
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
$carol->signal($bob, 'from carol');
ok(eventually(20, sub {
    $hosts->redis->command('XLEN', $stream) == 4;
}), 'both are in the stream') || diag($hosts->redis->command('XLEN', $stream));

$hosts->cable(1)->cut;
$carol->signal($bob, 'too late');
ok($carol->is_quiet, 'what carol sends is held');

# Nobody of the other side is announced gone yet.

$bob->resume(at => 0, seq => $seen);
is($bob->welcome->{resumed}, true, 'resumed at the other host');
is_deeply([sort map { $bob->expect('signal')->{data} } 1, 2],
    ['from alice', 'from carol'], 'with what it missed, and no resync');

# The end of the partition, before or after the lease is over.

$hosts->cable(1)->mend;
ok($hosts->heals(20), 'health says ok again');

my $next = $bob->next(15);

$next = $bob->next(15) until $next->{type} eq 'resync';

pass('then it is told that something is missing');

# All hear each other, with no further loss.

my $probes = 0;

ok(eventually(20, sub {
    my $text = 'probe ' . ++$probes;

    $carol->signal($bob, $text);

    return Otter::Peer->gather(2, sub {
        return grep { ($_->{data} // '') eq $text } $bob->pending;
    }, $bob);
}), 'carol reaches bob again');


done_testing;

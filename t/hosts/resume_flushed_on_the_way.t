use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Redis loses everything while a session is on its way from one host to
# another: it gets there, and is told that something may be missing.

use Otter::Hosts;
use POSIX ();
use Time::HiRes qw(sleep);

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');
$bob->drop;
$_->expect('peer-away') for $alice, $carol;

my @workers = $hosts->nginx(1)->worker_pids;

kill STOP => @workers;

my $pid = fork // die "fork: $!";

if (!$pid) {

    # By now it is asked for.
    sleep 0.5;
    system 'redis-cli', '-p', $hosts->redis->port, 'FLUSHALL';
    sleep 0.3;
    kill CONT => @workers;
    POSIX::_exit(0);
}

$bob->resume(at => 0);
waitpid $pid, 0;

is($bob->welcome->{resumed}, true, 'resumed at the other host');
ok($bob->comes('resync'), 'with a resync');
ok($hosts->heals(20), 'health says ok');

my $probes = 0;

ok(eventually(20, sub {
    my $text = 'probe ' . ++$probes;

    $carol->signal($bob, $text);

    return Otter::Peer->gather(2, sub {
        return grep { ($_->{data} // '') eq $text } $bob->pending;
    }, $bob);
}), 'carol reaches bob');


done_testing;

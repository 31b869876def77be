use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host that has just started waits for its first answer of Redis before it
# says anything about a session of another host.

use Otter::Cable;
use Otter::Hosts;
use Otter::Redis;
use Time::HiRes qw(time);

my $redis = Otter::Redis->start;
my $hosts = Otter::Hosts->start(redis => $redis);

# Cables that pass nothing at first; made before there are any sockets, which
# they would keep open.

my @cables = map { Otter::Cable->start($redis->port) } 1, 2;
my @nginx;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);

$alice->expect('peer-joined');

for my $thaws (1, 0) {
    my $cable = $cables[$thaws];

    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, "missed $thaws");
    $cable->freeze;

    my $nginx = Otter::Nginx->start(keys => [$hosts->key],
        http => 'otter_redis redis://127.0.0.1:' . $cable->port . ';');
    push @nginx, $nginx;

    my $began = time;
    my $try   = Otter::Peer::try_resume({ %$bob, nginx => $nginx },
        later => 1);

    if (!$thaws) {
        $try->finish;
        is_problem($try->response, '503 unavailable',
            'with no answer it is told to come again');
        ok($try->response->header('Retry-After'), 'in a while');
        cmp_ok(time - $began, '<', patience(6), 'nobody waits for ever');
        $cable->thaw;
        last;
    }

    $cable->thaw;
    $try->finish;
    is($try->status, 101, 'the session comes to the new host')
        || diag($try->response->body);

    # The rest goes over that connection.

    $bob->resumed($try);
    is($bob->expect('signal')->{data}, "missed $thaws", 'with what it missed');
    $alice->expect('peer-back');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While Redis is away a host can't tell what another one has: a resume there
# is told to come again, and the session is not touched.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');
$bob->drop;
$alice->expect('peer-away');
$hosts->redis->stop;
ok($hosts->heals(10, 'degraded'), 'health says degraded');

my $response = $bob->try_resume(at => 0)->response;

is_problem($response, '503 unavailable', 'not now');
like($response->header('Retry-After'), qr/^[1-9]\d*$/, 'but later');

$bob->resume(at => 1);
is($bob->welcome->{resumed}, true, 'at its own host it goes on');
$hosts->redis->start_again;
ok($hosts->heals(20), 'health says ok');


done_testing;

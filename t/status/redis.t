use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Hosts;
use Otter::Status qw(status);
use Otter::Test;

# Redis' part: up or not, losses, how long a probe takes, what is passed.

my $alone = Otter::Nginx->start(server => $Otter::Status::status_conf);

is_deeply([grep { /redis/ } keys %{ status($alone) }], [],
    'none without otter_redis');

my $hosts = Otter::Hosts->start(hosts => 2, workers => 2, cables => 1,
    server => $Otter::Status::status_conf);
my $nginx = $hosts->nginx(0);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');
$alice->message('hi');
$bob->expect('message');

my $status = status($nginx);

is($status->{redis_up}, 1, 'up');
is($status->{redis_workers}, 2, 'for both workers');
is($status->{redis_losses}, 0, 'never lost');
cmp_ok($status->{redis_published}, '>=', 1, 'a record went to the other');
cmp_ok(status($hosts->nginx(1))->{redis_received}, '>=', 1, 'and came there');
cmp_ok($status->{redis_probe_seconds}{count}, '>=', 2, 'probes');
cmp_ok($status->{redis_probe_seconds}{sum}, '>', 0, 'they take time');

$hosts->cable(0)->cut;

ok(eventually(15, sub { !status($nginx)->{redis_up} }), 'down');
is(status($hosts->nginx(1))->{redis_up}, 1, 'not for the other host');

$hosts->cable(0)->mend;
ok($hosts->heals(20), 'all is well again');

$status = status($nginx);

is($status->{redis_up}, 1, 'up again');
cmp_ok($status->{redis_losses}, '>=', 2, 'lost by each worker');


done_testing;

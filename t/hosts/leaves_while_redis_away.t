use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The last member of a room on its host leaves while Redis can't be told: it
# is told later, and so are those on other hosts.

use Otter::Hosts;
use Time::HiRes qw(sleep);

my $hosts = Otter::Hosts->start(cables => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $id    = $bob->id;

$alice->expect('peer-joined');
$hosts->cable(1)->cut;
ok(eventually(10, sub {
    $hosts->nginx(1)->http->get('health')->json->{status} eq 'degraded';
}), 'its host is cut off from Redis');
$bob->leave;
sleep 0.2;
$hosts->cable(1)->mend;
ok($hosts->heals(15), 'health says ok again');

my $left = eventually(10, sub {
    my $message = eval { $alice->next(0.5) } // return;

    return $message->{type} eq 'peer-left' && $message;
});

is($left && $left->{peer}, $id, 'and alice is told');
is($hosts->redis->command('HLEN', 'otter:{den}:m'), 1,
    'Redis does not have it any more');


done_testing;

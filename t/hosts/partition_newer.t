use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who joins at a host that is cut off, while its older connection is at one that
# is not, is the one that stays when the two meet again.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $older = Otter::Peer->enter($hosts, 'dave', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$hosts->cable(1)->cut;
sleep 2;

my $newer = Otter::Peer->enter($hosts, 'dave', at => 1);

$hosts->cable(1)->mend;
ok($hosts->heals(20), 'the hosts meet again');
is($older->close_code(15), 4409, 'the older one is replaced');

my $erin = Otter::Peer->enter($hosts, 'erin', at => 0);

is_deeply([sort map { $_->{id} } @{ $erin->welcome->{peers} }],
    [sort map { $_->id } $alice, $bob, $newer], 'the newer one is there');

$erin->signal($newer, 'hello');
is($newer->comes('signal')->{data}, 'hello', 'and can be reached');
$newer->signal($erin, 'good day');
is($erin->comes('signal')->{data}, 'good day', 'as it reaches others');


done_testing;

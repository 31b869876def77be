use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Peers of two hosts with two workers each: every number once and in order.
# With OTTER_FULL=1, 200 peers in 50 rooms and 100,000 numbers.

use Otter::Crowd;
use Otter::Hosts;

my ($rooms, $rounds) = $ENV{OTTER_FULL} ? (50, 400) : (8, 100);

my $hosts = Otter::Hosts->start(workers => 2,
    server => 'otter_message_rate 1000;');
my $crowd = Otter::Crowd->gather($hosts, rooms => $rooms, size => 4);
my %on    = $crowd->spread;

is(scalar keys %on, 4, 'every worker has some: ' . join ', ', values %on);

$crowd->talk($rounds);
ok($crowd->settle(20), 'everything was heard');
is_deeply([$crowd->faults], [], 'once and in order')
    || diag(map { "$_\n" } $crowd->faults);
is_deeply($crowd->closes, {}, 'no socket was closed');
is_deeply([grep { $_ != 1000 } $crowd->disperse], [], 'all leave');
note(to_json($crowd->count));


done_testing;

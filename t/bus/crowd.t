use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# 40 peers in 10 rooms on four workers: every number once and in order.

use Otter::Crowd;

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    server => 'otter_message_rate 1000;');
my $crowd = Otter::Crowd->gather($nginx, rooms => 10, size => 4);
my %on    = $crowd->spread;

is(scalar keys %on, 4, 'every worker has some: ' . join ', ', values %on);

$crowd->talk(80);
ok($crowd->settle(10), 'everything was heard');
is_deeply([$crowd->faults], [], 'once and in order');
is_deeply($crowd->closes, {}, 'no socket was closed');
is_deeply([grep { $_ != 1000 } $crowd->disperse], [], 'all leave');
note(to_json($crowd->count));


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Redis is gone for a second, and comes back knowing nothing.

use Otter::Faults;

my $run = Otter::Faults->run('Redis restarted', sub ($run) {
    $run->redis->stop;
    $run->talk(1);
    $run->redis->start_again;
});

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

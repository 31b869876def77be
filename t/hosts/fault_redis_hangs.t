use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Redis does not answer for ten seconds.

use Otter::Faults;

my $run = Otter::Faults->run('Redis stopped for 10 s', sub ($run) {
    $run->redis->pause;
    $run->talk(10);
    $run->redis->resume;
});

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

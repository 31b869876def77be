use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Redis does not answer for a while.

use Otter::Faults;

my $long = $ENV{OTTER_FULL} ? 10 : 4;
my $run  = Otter::Faults->run("Redis stopped for $long s", sub ($run) {
    $run->redis->pause;
    $run->talk($long);
    $run->redis->resume;
});

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Nothing passes between one host and Redis for a while, and then all that
# was on its way does.

use Otter::Faults;

my $long = $ENV{OTTER_FULL} ? 10 : 4;
my $run  = Otter::Faults->run("a host frozen off for $long s", sub ($run) {
    $run->hosts->cable(0)->freeze;
    $run->talk($long);
    $run->hosts->cable(0)->thaw;
}, cables => 1);

is_deeply($run->crowd->closes, {}, 'no socket was closed');


done_testing;

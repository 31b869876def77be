use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Nothing passes between one host and Redis for ten seconds, and then all that
# was on its way does.

use Otter::Faults;

my $run = Otter::Faults->run('a host frozen off for 10 s', sub ($run) {
    $run->hosts->cable(0)->freeze;
    $run->talk(10);
    $run->hosts->cable(0)->thaw;
}, cables => 1);

is_deeply($run->crowd->closes, {}, 'no socket was closed');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# One host does not reach Redis, in the long form for longer than the lease of
# a host lasts; the other does.

use Otter::Faults;

my $long = $ENV{OTTER_FULL} ? 10 : 4;
my $run  = Otter::Faults->run("a host cut off for $long s", sub ($run) {
    $run->hosts->cable(0)->cut;
    $run->talk($long);
    $run->hosts->cable(0)->mend;
}, cables => 1);

is_deeply($run->crowd->closes, {}, 'no socket was closed');


done_testing;

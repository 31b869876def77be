use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# One nginx is killed, master and workers, and stays away: its peers come back
# at the other host.

use Otter::Faults;

my $run = Otter::Faults->run('an nginx killed for good', sub ($run) {
    $run->hosts->kill(0);
});

is_deeply([keys %{ $run->crowd->closes }], [1006],
    'its sockets are lost, and no other');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A worker is killed; its peers come back at any host.

use Otter::Faults;

my $run = Otter::Faults->run('a worker killed', sub ($run) {
    my %on     = $run->crowd->spread;
    my $nginx  = $run->hosts->nginx(0);
    my ($most) = sort { ($on{$b} // 0) <=> ($on{$a} // 0) }
        $nginx->worker_pids;

    $nginx->kill_worker($most);
});

is_deeply([keys %{ $run->crowd->closes }], [1006],
    'no other socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# After fifty reloads no old worker stays, and nothing has grown.

use Otter::Proc;

my $nginx = Otter::Nginx->start(workers => 2);
my $alice = Otter::Peer->enter($nginx, 'alice');
my ($memory, $files);

for my $reload (1 .. 50) {
    $nginx->reload;

    $alice->close_code(15) == 1012 or fail('not closed with 1012');
    $alice->resume;

    if ($reload == 10) {
        $nginx->old_workers_leave(10);
        $memory = Otter::Proc::memory($nginx->pid);
        $files  = Otter::Proc::open_files($nginx->pid);
    }
}

is($alice->welcome->{resumed}, true, 'the session is alive');
ok($nginx->old_workers_leave(15), 'no old worker stays');
is(Otter::Proc::open_files($nginx->pid), $files, 'no more open files');
cmp_ok(Otter::Proc::memory($nginx->pid) - $memory, '<', 512,
    'no more memory in the master');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What is kept for a resume is bounded, also for a peer that never says what
# it has seen.

use Otter::Proc;

my $nginx = Otter::Nginx->start(server => 'otter_message_rate 100000;
    otter_send_buffer 256k; otter_ping_interval 1h;');

my ($alice, $bob) = peers($nginx, qw(alice bob));
my ($worker) = $nginx->worker_pids;
my $data     = 'x' x 60_000;

sub send_and_read ($count) {
    for my $n (1 .. $count) {
        $alice->signal($bob, $data);
        $bob->ws->next_message;
    }

    return Otter::Proc::memory($worker);
}

my $before = send_and_read(50);

cmp_ok(send_and_read(250) - $before, '<', 4096,
    'less than 4 MiB for 15 MB of signals');


done_testing;

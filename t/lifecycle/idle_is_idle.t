use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Idle sockets cost no CPU time, before and after a reload.

use Otter::Proc;
use Time::HiRes qw(sleep);

my $nginx = Otter::Nginx->start(workers => 2);
my @peers = map { Otter::Peer->enter($nginx, "peer-$_", room => "room-$_") }
    1 .. 20;

sub ticks () {
    my $sum = 0;

    $sum += Otter::Proc::cpu_ticks($_) for $nginx->worker_pids;

    return $sum;
}

sub idle ($name) {
    my $before = ticks();

    sleep 1;
    cmp_ok(ticks() - $before, '<=', 3, "$name: idle");
}

idle('at first');

$nginx->reload;

for my $peer (@peers) {
    $peer->close_code(15);
    $peer->resume;
}

ok($nginx->old_workers_leave(10), 'reloaded');
idle('after a reload');
$_->drop for @peers;
idle('with sessions that are held');


done_testing;

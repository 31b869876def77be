use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Pings whose answers nobody reads do not fill the memory.

use Otter::Proc;

my $nginx = Otter::Nginx->start;
my ($bob)    = peers($nginx, 'bob');
my ($worker) = $nginx->worker_pids;
my $before   = Otter::Proc::memory($worker);

my $alice  = Otter::Peer->enter($nginx, 'alice', receive_buffer => 4096);
my $socket = $alice->ws->socket;
my $pings  = frame(opcode => 'ping', payload => 'x' x 125) x 500;

# Some 26 MB of pings, without a look at the pongs.
for (1 .. 400) {
    $alice->ws->send_raw($pings) if !$socket->unsent;
    select undef, undef, undef, 0.001 if $socket->unsent;
    $socket->send('');
}

$bob->expect('peer-joined');
cmp_ok(Otter::Proc::memory($worker) - $before, '<', 4096,
    'less than 4 MiB more');

my $carol = Otter::Peer->enter($nginx, 'carol', room => 'lodge');

ok($carol->is_quiet, 'and others are served');


done_testing;

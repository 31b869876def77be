use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# Pongs wait in the send buffer like messages: who reads them gets all, and
# who does not is closed with 4413, counted.

my $nginx = Otter::Nginx->start(server => 'otter_send_buffer 64k;
    otter_message_rate 1000000; otter_ping_interval 1h;
    ' . $Otter::Status::status_conf);

my ($alice) = peers($nginx, 'alice');
my $pings = frame(opcode => 'ping', payload => 'x' x 125) x 100;

# Many times what the buffer holds, read as it comes.
my $pongs = 0;

for (1 .. 20) {
    $alice->ws->send_raw($pings);
    $pongs += length $alice->ws->next_frame->{payload} == 125 for 1 .. 100;
}

is($pongs, 2000, 'every ping is answered');
is($alice->leave, 1000, 'all is well');

my $slow   = Otter::Peer->enter($nginx, 'slow', receive_buffer => 4096);
my $socket = $slow->ws->socket;

# The kernel's buffers come before Otter's.
ok(eventually(20, sub {
    $slow->ws->send_raw($pings) if !$socket->unsent;
    $socket->send('');

    return status($nginx)->{closes}{4413} == 1;
}), 'who reads none is closed with 4413');

my $peak = status($nginx)->{send_queue_peak_bytes};

cmp_ok($peak, '>', 32 * 1024, 'after the buffer was filled');
cmp_ok($peak, '<=', 64 * 1024, 'and no further');


done_testing;

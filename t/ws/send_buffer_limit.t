use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# A peer that stops reading may have otter_send_buffer waiting for it and gets
# all of it when it reads again; a message more closes with 4413, counted.

my $limit = 128 * 1024;
my $nginx = Otter::Nginx->start(server => "otter_send_buffer $limit;
    otter_message_rate 100000; otter_ping_interval 1h;
    $Otter::Status::status_conf");

my ($alice) = peers($nginx, 'alice');
my $slow = Otter::Peer->enter($nginx, 'slow', receive_buffer => 4096);

$alice->expect('peer-joined');

my $size = 4000;
my $sent = 0;
my $peak = 0;


sub speak () {
    $alice->message('x' x $size);
    $sent++;

    # Answered behind it, so that the message was relayed.
    $alice->signal('nobody', 1);
    $alice->expect('error');
    $peak = status($nginx)->{send_queue_peak_bytes};
}


# What the kernel takes comes first; then it waits here.
speak() while $peak == 0 && $sent < 5000;
speak() while $peak + 2 * $size < $limit;

cmp_ok($peak, '>', $limit - 3 * $size, "$peak bytes wait");
is(status($nginx)->{closes}{4413}, 0, 'under the limit nobody is closed');

my $got = 0;

$got += length $slow->expect('message')->{data} == $size for 1 .. $sent;
is($got, $sent, 'all of it comes when it is read');

# Again, and over it.
ok(eventually(20, sub {
    $alice->message('x' x $size) for 1 .. 20;

    return status($nginx)->{closes}{4413} == 1;
}), 'over it: 4413, counted');

cmp_ok(status($nginx)->{send_queue_peak_bytes}, '<=', $limit,
    'never was more held');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A peer that does not read is closed with 4413 when its buffer is full, and
# nobody else notices.

my $nginx = Otter::Nginx->start(server => 'otter_send_buffer 128k;
    otter_message_rate 100000; otter_ping_interval 1h;');

my ($alice, $bob) = peers($nginx, qw(alice bob));
my $slow = Otter::Peer->enter($nginx, 'slow', receive_buffer => 4096);

$_->expect('peer-joined') for $alice, $bob;

my $data = 'x' x 30_000;
my $sent = 0;

# The kernel's buffers come before Otter's.
my $gone = eventually(20, sub {
    $alice->message($data);
    $sent++;

    my $next = $bob->next;

    return $next->{type} =~ /^peer-(?:away|left)$/ ? $next : 0;
});

is($gone && $gone->{peer}, $slow->id, "gone after $sent messages");
is($slow->close_code, 4413, 'closed with 4413');
is($alice->next->{peer}, $slow->id, 'the sender hears of it');

my $after = Otter::Peer->enter($nginx, 'carol');

$_->expect('peer-joined') for $alice;
$alice->message('on');
is($after->expect('message')->{data}, 'on', 'the room goes on');


done_testing;

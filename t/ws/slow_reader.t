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

my $text = to_json({ type => 'message', data => 'x' x 30_000 });
my $sent = 0;
my $next;

# The kernel's buffers come before Otter's.
do {
    $alice->ws->send_text($text);
    $next = $bob->ws->next_message;
} while ($next =~ /"type":"message"/ && ++$sent < 2000);

like($next, qr/"type":"peer-(?:away|left)"/, "gone after $sent messages");
like($next, qr/"${\ $slow->id}"/, 'that one');
is($slow->close_code(20), 4413, 'closed with 4413');
is($alice->next->{peer}, $slow->id, 'the sender hears of it');

my $after = Otter::Peer->enter($nginx, 'carol');

$alice->expect('peer-joined');
$alice->message('on');
is($after->expect('message')->{data}, 'on', 'the room goes on');


done_testing;

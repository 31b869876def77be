use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The closing handshake, begun by the client: its code comes back, if it is
# one that may be sent.

my $nginx = Otter::Nginx->start;

for my $code (1000, 1001, 1003, 1007, 1009, 1011, 3000, 3999, 4000, 4999) {
    my $alice = Otter::Peer->enter($nginx, 'alice');

    $alice->ws->send_close($code, 'goodbye');
    is($alice->close_code, $code, "$code comes back");
}

my $alice = Otter::Peer->enter($nginx, 'alice');

$alice->ws->send_close;
like($alice->close_code, qr/^100[05]$/, 'no code at all');

$alice = Otter::Peer->enter($nginx, 'alice');

my $bob = Otter::Peer->enter($nginx, 'bob');

$alice->expect('peer-joined');
$alice->ws->send_raw(frame(opcode => 'close', payload => "\x03\xe8")
    . frame(payload => '{"type":"message","data":"too late"}'));
is($alice->close_code, 1000, 'closed');

my $next = $bob->next;

isnt($next->{type}, 'message', 'what follows a close is not read');


done_testing;

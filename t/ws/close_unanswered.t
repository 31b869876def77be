use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who does not answer a close is not waited for long.

my $nginx = Otter::Nginx->start;
my $alice = Otter::Peer->enter($nginx, 'alice');

$alice->ws->send_binary('x');

my $frame = $alice->ws->next_frame;

is($frame->{opcode}, 'close', 'a close comes');
ok($alice->ws->socket->ends(10), 'and the end, though it was not answered');


done_testing;

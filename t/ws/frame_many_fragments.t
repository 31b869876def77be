use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Empty fragments without end are not collected for ever.

my $nginx = Otter::Nginx->start;
my $alice = Otter::Peer->enter($nginx, 'alice');

$alice->ws->send_frame(payload => '{', fin => 0);
$alice->ws->send_raw(frame(opcode => 'continuation', fin => 0) x 20_000)
    for 1 .. 5;

like($alice->close_code, qr/^(?:1008|1009|4429)$/, 'closed');


done_testing;

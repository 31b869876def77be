use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A binary frame closes with 1003.

my $nginx = Otter::Nginx->start;

for my $payload ('', '{"type":"message","data":1}', "\0" x 1000) {
    my ($alice) = Otter::Peer->enter($nginx, 'alice');

    $alice->ws->send_binary($payload);
    is($alice->close_code, 1003, length($payload) . ' bytes');
    $alice->drop;
}


done_testing;

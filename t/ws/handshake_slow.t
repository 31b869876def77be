use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A handshake that comes byte by byte is as good as another.

my $nginx = Otter::Nginx->start;
my $alice = Otter::Peer->enter($nginx, 'alice', pace => 0.001,
    with => frame(opcode => 'ping', payload => 'x'));

is($alice->welcome->{self}{identity}, 'alice', 'joined');


done_testing;

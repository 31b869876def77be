use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An away peer keeps its place in a full room.

my $nginx = Otter::Nginx->start(server => 'otter_max_peers 2;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->expect('room-updated');
$bob->drop;
$alice->expect('peer-away');
is(Otter::Peer->knock($nginx, 'carol')->ws->status, 409, 'the room is full');
$bob->resume;
is($bob->welcome->{resumed}, true, 'and has place for who comes back');


done_testing;

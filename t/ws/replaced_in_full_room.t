use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A full room has place for a newer connection of one who is in it.

my $nginx = Otter::Nginx->start(server => 'otter_max_peers 2;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->expect('room-updated');

my $newer = Otter::Peer->enter($nginx, 'bob');

is($bob->close_code, 4409, 'the older one goes');
is($alice->expect('peer-left')->{reason}, 'replaced', 'replaced');
is($alice->expect('peer-joined')->{peer}{id}, $newer->id, 'by the newer');
ok($alice->is_quiet, 'and the room was full all the while');
is(Otter::Peer->knock($nginx, 'carol')->ws->status, 409, 'full as before');


done_testing;

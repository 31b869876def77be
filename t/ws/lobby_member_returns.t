use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who is in the room and joins anew does not wait again, but a guest of
# another token does not get in by the name of one inside.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my $mod   = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator' });

$mod->send({ type => 'room', lobby => true });
$mod->expect('room-updated');

my $guest = { iss => 'guest' };
my $bob   = Otter::Peer->wait($nginx, 'bob');
my $gus   = Otter::Peer->wait($nginx, 'gus', claims => $guest);

$mod->expect('knock') for $bob, $gus;

for my $peer ($bob, $gus) {
    $mod->send({ type => 'admit', peer => $peer->id });
    $peer->is_let_in;
    $mod->expect('peer-joined');
}

$bob->expect('peer-joined');

my $again = Otter::Peer->enter($nginx, 'bob');

is($bob->close_code, 4409, 'bob is replaced by himself');
ok($again->id, 'and is in at once');
$mod->expect('peer-left');
$mod->expect('peer-joined');

my $thief = Otter::Peer->knock($nginx, 'gus', claims => $guest);

is_problem($thief->ws->response, '409 identity-taken', 'another guest');
is_problem($nginx->http->get('session', bearer => $thief->token),
    '409 identity-taken', 'as GET session says');

my $back = Otter::Peer->enter($nginx, 'gus', token => $gus->token);

is($mod->expect('peer-left')->{peer}, $gus->id,
    'with the same token a guest is the same');
is($mod->expect('peer-joined')->{peer}{id}, $back->id, 'and in at once');


done_testing;

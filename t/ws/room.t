use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A moderator changes the room by its socket, and everybody is told.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my $alice = Otter::Peer->enter($nginx, 'alice');
my $mod   = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator' });

$alice->expect('peer-joined');

sub room (%change) {
    $mod->send({ type => 'room', %change });

    my @rooms = map { $_->expect('room-updated')->{room} } $alice, $mod;

    is_deeply($rooms[0], $rooms[1], 'all are told the same');

    return $rooms[0];
}

is(room(locked => true)->{locked}, true, 'locked');
is(Otter::Peer->knock($nginx, 'bob')->ws->status, 403, 'nobody comes in');
is(room(locked => false, max_peers => 2)->{status}, 'full', 'full');
is(Otter::Peer->knock($nginx, 'bob')->ws->status, 409, 'no place');
is(room(max_peers => 1000)->{max_peers}, 1000, 'the largest room');

for my $bad (
    { max_peers => 0 }, { max_peers => 1001 }, { max_peers => '2' },
    { locked => 1 }, { lobby => undef },
) {
    is($mod->send({ type => 'room', %$bad })->expect('error')->{code},
        'bad-message', to_json($bad));
}

ok($_->is_quiet, $_->identity . ' hears nothing of it') for $alice, $mod;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# DELETE of a peer puts it out: it hears why, the others hear that it left.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }, { id => 'own', rooms => 'own-*' }]);
my $http  = $nginx->http;
my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

sub kick ($peer, %option) {
    return $http->delete("rooms/den/peers/$peer",
        bearer => $nginx->api_key, %option);
}

is_problem(kick('nobody'), '404 peer-not-found', 'no such peer');
is_problem(kick('x' x 20), '404 peer-not-found', 'nor this one');
is_problem($http->delete('rooms/nowhere/peers/' . $bob->id,
    bearer => $nginx->api_key), '404 room-not-found', 'no such room');
is_problem(kick($bob->id, bearer => $nginx->api_key('own')), '403 key-room',
    'a key for other rooms');
is_problem(kick($bob->id, bearer => $alice->token), '403 not-moderator',
    'a participant');
is_problem($http->delete('rooms/den/peers/' . $bob->id), '401 auth-required',
    'nobody');
is($http->get('rooms/den/peers/' . $bob->id)->status, 405, 'GET is none');

my $other = Otter::Peer->enter($nginx, 'dave', room => 'lodge');

is_problem(kick($other->id), '404 peer-not-found', 'a peer of another room');
ok($_->is_quiet, $_->identity . ' is still there')
    for $alice, $bob, $carol, $other;

is(kick($bob->id)->status, 204, 'bob');
is($bob->close_code, 4403, 'is closed with 4403');
is(($bob->last_messages)[-1]{type}, 'bye', 'after a bye');
is(($bob->last_messages)[-1]{reason}, 'kicked', 'that says why');

for my $peer ($alice, $carol) {
    my $left = $peer->expect('peer-left');

    is($left->{peer}, $bob->id, $peer->identity . ' hears that he left');
    is($left->{reason}, 'kicked', 'and why');
}

is_problem(kick($bob->id), '404 peer-not-found', 'once');

my $moderator = mint($nginx->key, sub => 'mod', role => 'moderator');

is(kick($carol->id, bearer => $moderator)->status, 204,
    "a moderator's token does it");
is($carol->close_code, 4403, 'carol is closed');
is($alice->expect('peer-left')->{peer}, $carol->id, 'alice is alone');

$alice->drop;
ok(eventually(5, sub {
    my $room = $http->get('rooms/den', bearer => $nginx->api_key)->json;
    kick($alice->id)->status == 204;
}), 'one who is away can be put out as well');
is($alice->try_resume->status, 401, 'and does not come back');


done_testing;

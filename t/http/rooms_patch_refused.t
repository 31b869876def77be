use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A PATCH that can't be taken changes nothing.

my $nginx = Otter::Nginx->start(api_keys => [
    { id => 'main' },
    { id => 'own',   rooms  => 'own-*' },
    { id => 'token', scopes => 'token' },
]);
my $http  = $nginx->http;
my $alice = Otter::Peer->enter($nginx, 'alice');

sub patch ($json, $bearer = $nginx->api_key, $room = 'den') {
    return $http->request(PATCH => "rooms/$room", json => $json,
        bearer => $bearer);
}

sub token (%claims) { return mint($nginx->key, %claims) }

for my $case (
    [{ max_peers => 0 },         'no place at all'],
    [{ max_peers => 1001 },      'too many'],
    [{ max_peers => '4' },       'a string'],
    [{ max_peers => undef },     'a size of null'],
    [{ locked => 1 },            'a number for a boolean'],
    [{ lobby => 'yes' },         'a string for a boolean'],
    [{ relay_only => undef },    'null for a boolean'],
    [{ expires_in => 0 },        'no time'],
    [{ expires_in => -5 },       'a time in the past'],
    [{ expires_in => 366 * 24 * 3600 + 1 }, 'more than a year'],
    [{ metadata => [] },         'a list for metadata'],
    [{ metadata => { x => 'y' x 4096 } }, 'long metadata'],
    [{ locked => true, max_peers => 0 }, 'one good and one bad'],
) {
    is_problem(patch($case->[0]), '400 bad-member', $case->[1]);
}

is_problem($http->request(PATCH => 'rooms/den', body => '{"locked":',
    bearer => $nginx->api_key), '400 bad-json', 'half of a JSON');
is_problem(patch({ locked => true }, $nginx->api_key('own')), '403 key-room',
    'a key for other rooms');
is_problem(patch({ locked => true }, $nginx->api_key('token')),
    '403 key-scope', 'a key without the scope');
is_problem(patch({ locked => true }, token()), '403 not-moderator',
    'a participant');
is_problem(patch({ locked => true }, token(role => 'moderator',
    room => 'lodge')), '403 not-moderator', 'a moderator of another room');
is_problem($http->request(PATCH => 'rooms/den', json => {}),
    '401 auth-required', 'nobody');
is_problem(patch({ locked => true }, $nginx->api_key, 'nowhere'),
    '404 room-not-found', 'no such room');

ok($alice->is_quiet, 'the room has not changed');

is(patch({ locked => true }, token(role => 'moderator'))->status, 200,
    'a moderator of the room may');
is($alice->expect('room-updated')->{room}{locked}, true, 'locked');
is(patch({ max_peers => 1000, expires_in => 366 * 24 * 3600 })->status, 200,
    'as much as there may be');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An API key opens the rooms of its pattern and the calls of its scopes only.

my $nginx = Otter::Nginx->start(api_keys => [
    { id => 'team',  rooms  => 'team-*' },
    { id => 'turn',  scopes => 'turn' },
    { id => 'token', scopes => 'token' },
]);

my $http = $nginx->http;

sub token ($key, $room) {
    return $http->post('token', { room => $room },
        bearer => $nginx->api_key($key));
}

is(token(team => 'team-a')->status, 200, 'a room of the pattern');
is(token(team => 'team-')->status, 200, 'the shortest of the pattern');
is_problem(token(team => 'ateam-a'), '403 key-room', 'a room before it');
is_problem(token(team => 'team'), '403 key-room', 'a room too short for it');
is_problem(token(team => 'den'), '403 key-room', 'a room outside');

is(token(token => 'den')->status, 200, 'the scope that is needed');
is_problem(token(turn => 'den'), '403 key-scope', 'another scope');
is_problem($http->get('rooms', bearer => $nginx->api_key('token')),
    '403 key-scope', 'rooms with the token scope');
is($http->get('ice-servers', bearer => $nginx->api_key('turn'))->status, 200,
    'ICE servers with the turn scope');

is_problem($http->get('rooms/den', bearer => $nginx->api_key('team')),
    '403 key-room', 'a room outside the pattern');
is_problem($http->post('rooms', { room => 'den' },
    bearer => $nginx->api_key('team')), '403 key-room',
    'a room outside the pattern is not created');
is_problem($http->delete('rooms/den', bearer => $nginx->api_key('team')),
    '403 key-room', 'nor closed');


done_testing;

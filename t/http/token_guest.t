use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_guests lets anyone in, and nobody moderate.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_guests on;',
);

my $http   = $nginx->http;
my $answer = $http->post('token', { room => 'den', name => 'Gus' });

is($answer->status, 200, 'a token without a key');
is(claims_of($answer->json->{token})->{name}, 'Gus', 'with the name given');
is(claims_of($answer->json->{token})->{role} // 'participant', 'participant',
    'no moderator');
is($http->get('session', bearer => $answer->json->{token})->status, 200,
    'the token is good');

is_problem($http->post('token', { room => 'den', role => 'moderator' }),
    '403 guest-role', 'a guest who wants to moderate');
is($http->post('token', { room => 'den', role => 'participant' })->status,
    200, 'a guest who says what he is');

is_problem($http->post('token', { room => 'den' }, bearer => 'otk_no_key'),
    '401 key-unknown', 'a wrong key does not make a guest');
is($http->post('token', { room => 'den', role => 'moderator' },
    bearer => $nginx->api_key)->status, 200, 'a key still moderates');

is_problem($http->get('rooms'), '401 auth-required',
    'guests do not list rooms');
is_problem($http->post('rooms', {}), '401 auth-required', 'or create them');


done_testing;

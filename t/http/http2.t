use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The API is the same over HTTP/2; the socket alone needs HTTP/1.1.

my $nginx = Otter::Nginx->start(
    http2        => 1,
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478;',
);

my $http = $nginx->http(http2 => 1);
my %as   = (bearer => $nginx->api_key);

my $token = $http->post('token', { room => 'den', identity => 'alice' }, %as);

is($token->status, 200, 'POST token');
is($token->version, 2, 'over HTTP/2');
is($token->json->{identity}, 'alice', 'with its body');

is($http->get('session', bearer => $token->json->{token})->json->{sub},
    'alice', 'GET session');
is(scalar @{ $http->get('ice-servers', %as)->json->{ice_servers} }, 1,
    'GET ice-servers');
is($http->get('turn?service=turn', %as)->json->{ttl}, 3600, 'GET turn');
is($http->post('rooms', { room => 'lodge' }, %as)->status, 201, 'POST rooms');
is($http->get('rooms/lodge', %as)->json->{room}, 'lodge', 'GET rooms/{room}');
is(scalar @{ $http->get('rooms', %as)->json->{rooms} }, 1, 'GET rooms');
like($http->delete('rooms/lodge', %as)->status, qr/^20[04]$/,
    'DELETE rooms/{room}');
is($http->get('health')->json->{status}, 'ok', 'GET health');
is(ref $http->get('jwks.json')->json->{keys}, 'ARRAY', 'GET jwks.json');

is_problem($http->post('token', { room => 'den' }), '401 auth-required',
    'no key');
is_problem($http->request(POST => 'token', body => 'x', %as),
    '400 bad-json', 'no JSON');
is_problem($http->request(POST => 'token', body => 'x' x 66_000, %as),
    '413 body-too-large', 'too large');
is_problem($http->get('nothing', %as), '404 not-found', 'unknown path');
is_problem($http->get('token', %as), '405 method-not-allowed', 'wrong method');

my $socket = $http->get('ws', bearer => mint($nginx->key),
    headers => ['Sec-WebSocket-Version' => 13,
        'Sec-WebSocket-Protocol' => 'otter.v1']);

like($socket->status, qr/^4\d\d$/, 'no WebSocket over HTTP/2');
is($socket->content_type, 'application/problem+json', 'but the reason');


done_testing;

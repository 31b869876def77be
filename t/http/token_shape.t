use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# POST token with an API key answers everything a page needs to join.

my $nginx = Otter::Nginx->start(
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north'],
    server       => 'otter_turn_uri stun:127.0.0.1:3478
                         turn:127.0.0.1:3478?transport=udp;',
);

my $now      = time;
my $response = $nginx->http->post('token', {
    room     => 'den',
    identity => 'alice',
    name     => "Alice \x{c5}lesund",
    role     => 'moderator',
    metadata => { team => 'otters', tags => [1, 2] },
}, bearer => $nginx->api_key);

is($response->status, 200, 'status 200');
is($response->content_type, 'application/json', 'JSON');
like($response->header('Cache-Control') // '', qr/no-store/,
    'no cache keeps the token');

my $answer = $response->json;
my $port   = $nginx->port;

has_members($answer, [qw(token expires_at room identity ws_url join_url
    ice_servers ice_expires_at)], 'the members of the contract');

is($answer->{room}, 'den', 'the room');
is($answer->{identity}, 'alice', 'the identity');
is_time($answer->{expires_at}, $now + 3600, 5, 'valid for an hour');
is_time($answer->{ice_expires_at}, $now + 3600, 5, 'ICE as well');
is($answer->{ws_url}, "ws://127.0.0.1:$port/otter/ws", 'the socket');
is($answer->{join_url},
    "http://127.0.0.1:$port/otter/room/den#token=$answer->{token}",
    'the link, its token in the fragment');

my ($stun, $turn) = sort { length $a <=> length $b }
    map { to_json($_) } @{ $answer->{ice_servers} };

like($stun, qr/"stun:127\.0\.0\.1:3478"/, 'a STUN server');
unlike($stun, qr/credential/, 'which needs no credential');
like($turn, qr/"turn:127\.0\.0\.1:3478\?transport=udp"/, 'a TURN server');
like($turn, qr/"credential":"[A-Za-z0-9+\/]{27}="/, 'with its credential');
like($turn, qr/"username":"\d+:[\w-]+"/, 'and its user name');

my $claims = claims_of($answer->{token});

has_members($claims, [qw(iss sub aud iat nbf exp jti room name role
    metadata)], 'the claims of the contract');

is($claims->{sub}, 'alice', 'sub is the identity');
is($claims->{aud}, 'otter', 'aud');
is($claims->{room}, 'den', 'room');
is($claims->{name}, "Alice \x{c5}lesund", 'name');
is($claims->{role}, 'moderator', 'role');
is_deeply($claims->{metadata}, { team => 'otters', tags => [1, 2] },
    'metadata');
cmp_ok($claims->{nbf}, '<=', $now + 1, 'valid at once');
cmp_ok(abs($claims->{exp} - epoch($answer->{expires_at})), '<=', 1,
    'exp is expires_at');

is(header_of($answer->{token})->{kid}, 'test', 'kid names the signing key');
is($nginx->http->get('session', bearer => $answer->{token})->status, 200,
    'the token is good');


done_testing;

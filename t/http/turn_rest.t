use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET turn is the TURN REST API (draft-uberti-behave-turn-rest-00).

use Digest::SHA qw(hmac_sha1_base64);

my $nginx = Otter::Nginx->start(
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north'],
    server       => 'otter_turn_ttl 20m;
        otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478?transport=udp;',
);

my $http     = $nginx->http;
my $response = $http->get('turn?service=turn&username=alice',
    bearer => $nginx->api_key);
my $answer   = $response->json;

is($response->status, 200, 'status 200');
has_members($answer, [qw(username password ttl uris)], 'the members');
is($answer->{ttl}, 1200, 'ttl in seconds');
is_deeply($answer->{uris}, ['turn:127.0.0.1:3478?transport=udp'],
    'the TURN URIs');
like($answer->{username}, qr/^\d+:alice$/, 'expiry and user');
cmp_ok(abs($answer->{username} =~ s/:.*//r - time - 1200), '<=', 5,
    'the expiry');
is($answer->{password}, hmac_sha1_base64($answer->{username}, 'north') . '=',
    'the password signs it');

like($http->get('turn?service=turn', bearer => $nginx->api_key)
    ->json->{username}, qr/^\d+:.+/, 'without a user name one is made up');

sub user ($query, %claim) {
    return $http->get("turn?service=turn$query",
        bearer => mint($nginx->key, %claim))->json->{username} =~ s/^\d+://r;
}

my $bob = user('', sub => 'bob');

is(user('&username=alice', sub => 'bob'), $bob,
    'a token has its own and can not take another');
isnt(user('', sub => 'bab'), $bob, 'which no other identity has');


is_problem($http->get('turn?service=turn'), '401 auth-required',
    'nobody else');
is_problem($http->get('turn', bearer => $nginx->api_key), '400 bad-argument',
    'the service is needed');
is_problem($http->get('turn?service=sip', bearer => $nginx->api_key),
    '400 bad-argument', 'no other service');
is_problem($http->get('turn?service=turn&username=a%0Ab',
    bearer => $nginx->api_key), '400 bad-argument', 'no control characters');


done_testing;

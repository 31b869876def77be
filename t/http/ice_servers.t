use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET ice-servers gives fresh TURN credentials to a token or a key.

use Digest::SHA qw(hmac_sha1_base64);

my $nginx = Otter::Nginx->start(
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north'],
    server       => 'otter_turn_ttl 10m;
        otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478?transport=udp
                       turns:turn.example:443?transport=tcp;',
);

my $http = $nginx->http;

for my $caller ('a token', 'a key') {
    my $bearer = $caller eq 'a key' ? $nginx->api_key : mint($nginx->key);

    my $response = $http->get('ice-servers', bearer => $bearer);
    my $answer   = $response->json;

    is($response->status, 200, "$caller: status 200");
    like($response->header('Cache-Control') // '', qr/no-store/,
        "$caller: not cached");
    has_members($answer, [qw(ice_servers expires_at)], "$caller: members");
    is_time($answer->{expires_at}, time + 600, 5, "$caller: otter_turn_ttl");

    my @turn = grep { $_->{credential} } @{ $answer->{ice_servers} };
    my @urls = map { ref $_->{urls} ? @{ $_->{urls} } : $_->{urls} }
        @{ $answer->{ice_servers} };

    is_deeply([sort @urls], ['stun:127.0.0.1:3478',
        'turn:127.0.0.1:3478?transport=udp',
        'turns:turn.example:443?transport=tcp'], "$caller: every URI");
    ok(@turn >= 1, "$caller: with credentials");

    for my $server (@turn) {
        is($server->{credential},
            hmac_sha1_base64($server->{username}, 'north') . '=',
            "$caller: the credential signs the user name");

        my ($expires) = split /:/, $server->{username};

        cmp_ok(abs($expires - epoch($answer->{expires_at})), '<=', 1,
            "$caller: the user name says when it ends");
    }
}

is_problem($http->get('ice-servers'), '401 auth-required',
    'nobody else gets any');
is_problem($http->get('ice-servers', bearer => mint($nginx->key, exp => 1)),
    '401 token-expired', 'no expired token either');


done_testing;

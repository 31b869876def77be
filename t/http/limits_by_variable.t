use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# limit_conn and limit_req by address, room, identity and API key: the
# variables are there before Otter handles a request, from a credential that
# is good, and from no other.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'web' }, { id => 'app' }],
    http     => <<~'CONF',
        limit_conn_zone $otter_room zone=rooms:1m;
        limit_conn_zone $otter_key zone=keys:1m;
        limit_conn_zone $binary_remote_addr zone=addresses:1m;
        limit_req_zone $otter_identity zone=who:1m rate=1r/m;
        CONF
    server   => 'limit_conn rooms 2; limit_conn_status 429;'
        . $Otter::Status::status_conf,
    servers  => <<~'CONF',
        server { listen 127.0.0.1:%port:keys%; otter_signaling on;
            otter_jwt_key_file %prefix%/jwt.json;
            limit_conn keys 2; limit_conn_status 429; }
        server { listen 127.0.0.1:%port:addresses%; otter_signaling on;
            otter_jwt_key_file %prefix%/jwt.json;
            limit_conn addresses 2; limit_conn_status 429; }
        server { listen 127.0.0.1:%port:who%; otter_signaling on;
            otter_jwt_key_file %prefix%/jwt.json;
            otter_api_keys_file %prefix%/keys.json;
            limit_req zone=who burst=1 nodelay; limit_req_status 429; }
        CONF
);


sub knock ($identity, %option) {
    return Otter::Peer->knock($nginx, $identity, %option);
}


# By room.
my @in = map { knock($_) } qw(alice bob);

is($_->ws->status, 101, 'two of a room') for @in;
is(knock('carol')->ws->status, 429, 'no third');
is(knock('carol', room => 'other')->ws->status, 101, 'but in another room');

my $token = mint($nginx->key, room => 'den', sub => 'dora');

is($nginx->websocket(protocols => ['otter.v1', "otter.bearer.$token"])
    ->status, 429, 'nor as a browser shows its token');
is($nginx->http->get('health')->status, 200, 'what has no room has no limit');

for my $bad (mint(Otter::Key->hs256('test'), room => 'den'), mint($nginx->key, room => 'den',
    exp => time - 60), mint(Otter::Key->hs256('other'), room => 'den')) {
    is($nginx->websocket(token => $bad)->status, 401,
        'a token that is not good counts for no room');
}

# By the key that made the token.
for my $n (1 .. 3) {
    my $peer = knock("peer$n", port => 'keys', room => "room$n",
        claims => { iss => 'web' });

    push @in, $peer;
    is($peer->ws->status, $n < 3 ? 101 : 429, "number $n of a key");
}

is(knock('peer', port => 'keys', claims => { iss => 'app' })->ws->status,
    101, 'of another key');

# By address.
for my $n (1 .. 3) {
    my $peer = knock("peer$n", port => 'addresses', room => "place$n");

    push @in, $peer;
    is($peer->ws->status, $n < 3 ? 101 : 429, "number $n of an address");
}

# Calls of an identity.
my $http = $nginx->http(port => 'who');
my @as   = (bearer => mint($nginx->key, sub => 'eve'));

is($http->get('session', @as)->status, $_, "session: $_")
    for 200, 200, 429;
is($http->get('session', bearer => mint($nginx->key, sub => 'fred'))->status,
    200, 'another identity has its own');

# The two of a room, one of a key, one of an address; one of an identity.
my $refused = status($nginx)->{refusals};

is($refused->{'limit-conn'}, 4, 'refused connections are counted');
is($refused->{'limit-req'}, 1, 'and calls');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Contract;
use Otter::Test;

# Every call of the OpenAPI document, asked for real: successes and problems
# have the status, the type, the headers and the schema that it tells.

my $nginx = Otter::Nginx->start(
    keys         => [Otter::Key->hs256('hs'), Otter::Key->es256('es'),
        Otter::Key->eddsa('ed')],
    turn_secrets => ['north'],
    api_keys     => [{ id => 'main' }, { id => 'none', scopes => 'turn',
        rooms => 'x*' }, { id => 'few', rooms => 'x*' },
        { id => 'web', scopes => 'token' }],
    server       => 'otter_echo on; otter_max_peers 2;
        otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478;',
    servers      => 'server { listen 127.0.0.1:%port:bare%;
        otter_signaling on; otter_api_keys_file %prefix%/keys.json;
        otter_guests on; }',
);

my $contract = Otter::Contract->new('openapi');
my $http     = $nginx->http;
my $bare     = $nginx->http(port => 'bare');
my $key      = $nginx->api_key;


# call('POST /rooms/{room}', 'rooms/den', 409, ...): the rest as Otter::HTTP
# has it.

sub call ($call, $path, $status, %option) {
    my ($method, $documented) = split / /, $call;
    my $client   = delete $option{at} // $http;
    my $response = $client->request($method, $path, %option);

    is($response->status, $status, "$method $path: $status");
    $contract->add_response($method, $documented, $response);

    return $response;
}

my ($alice, $bob) = peers($nginx, qw(alice bob), { room => 'full' });
my @as      = (bearer => $key);
my $token   = mint($nginx->key, room => 'full', sub => 'alice');
my $other   = mint($nginx->key, room => 'full', sub => 'carol');
my $mod     = mint($nginx->key, room => 'mine', role => 'moderator');
my $expired = mint($nginx->key, exp => time - 9);
my $big     = '{"room":"' . 'x' x 70_000 . '"}';
my $more    = [Upgrade => 'websocket', Connection => 'Upgrade',
    'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key'     => 'dGhlIHNhbXBsZSBub25jZQ=='];

# Tokens.
call('POST /token', 'token', 200, @as, json => { room => 'den',
    identity => 'dora', name => 'Dora', role => 'moderator', ttl => 60,
    metadata => { a => 1 } });
call('POST /token', 'token', 200, at => $bare, json => { room => 'den' });
call('POST /token', 'token', 400, @as, body => '{');
call('POST /token', 'token', 400, @as, json => {});
call('POST /token', 'token', 401, json => { room => 'den' });
call('POST /token', 'token', 401, bearer => 'otk_no_' . 'x' x 43,
    json => { room => 'den' });
call('POST /token', 'token', 403, bearer => $nginx->api_key('none'),
    json => { room => 'den' });
call('POST /token', 'token', 403, bearer => $nginx->api_key('few'),
    json => { room => 'den' });
call('POST /token', 'token', 403, at => $bare,
    json => { room => 'den', role => 'moderator' });
call('POST /token', 'token', 413, @as, body => $big);

call('GET /session', 'session', 200, bearer => $token);
call('GET /session', 'session', 401);
call('GET /session', 'session', 401, bearer => $expired);
call('GET /session', 'session', 401, bearer => 'nonsense');
call('GET /session', 'session', 403, bearer => $token,
    headers => [Origin => 'https://elsewhere.example']);
call('GET /session', 'session', 409, bearer => $other);

# TURN.
call('GET /ice-servers', 'ice-servers', 200, @as);
call('GET /ice-servers', 'ice-servers', 200, bearer => $token);
call('GET /ice-servers', 'ice-servers', 401);
call('GET /ice-servers', 'ice-servers', 403, bearer => $nginx->api_key('web'));
call('GET /turn', 'turn?service=turn', 403, bearer => $nginx->api_key('web'));
call('GET /turn', 'turn?service=turn', 200, @as);
call('GET /turn', 'turn?service=turn&username=a', 200, @as);
call('GET /turn', 'turn', 400, @as);
call('GET /turn', 'turn?service=turn', 401);
call('GET /turn', 'turn?service=turn', 404, at => $bare, @as);

# Rooms.
call('POST /rooms', 'rooms', 201, @as, json => { room => 'mine',
    max_peers => 3, metadata => { a => [1] }, expires_in => 600 });
call('POST /rooms', 'rooms', 200, @as, json => { room => 'mine' });
call('POST /rooms', 'rooms', 201, @as, json => {});
call('POST /rooms', 'rooms', 400, @as, json => { room => '/' });
call('POST /rooms', 'rooms', 401, json => {});
call('POST /rooms', 'rooms', 403, bearer => $nginx->api_key('none'),
    json => {});
call('POST /rooms', 'rooms', 413, @as, body => $big);
call('GET /rooms', 'rooms', 200, @as);
call('GET /rooms', 'rooms?limit=1', 200, @as);
call('GET /rooms', 'rooms?limit=x', 400, @as);
call('GET /rooms', 'rooms', 401);
call('GET /rooms', 'rooms', 403, bearer => $nginx->api_key('none'));
call('GET /rooms/{room}', 'rooms/full', 200, @as);
call('GET /rooms/{room}', 'rooms/mine', 200, @as);
call('GET /rooms/{room}', 'rooms/mine', 401);
call('GET /rooms/{room}', 'rooms/mine', 403,
    bearer => $nginx->api_key('few'));
call('GET /rooms/{room}', 'rooms/nowhere', 404, @as);

call('PATCH /rooms/{room}', 'rooms/mine', 200, bearer => $mod,
    json => { locked => true, expires_in => undef, metadata => { b => 2 } });
call('PATCH /rooms/{room}', 'rooms/mine', 400, @as,
    json => { locked => 'yes' });
call('PATCH /rooms/{room}', 'rooms/mine', 401, json => {});
call('PATCH /rooms/{room}', 'rooms/mine', 403, bearer => $token, json => {});
call('PATCH /rooms/{room}', 'rooms/nowhere', 404, @as, json => {});
call('PATCH /rooms/{room}', 'rooms/mine', 413, @as, body => $big);

call('POST /rooms/{room}/messages', 'rooms/full/messages', 200, @as,
    json => { data => { a => undef } });
call('POST /rooms/{room}/messages', 'rooms/full/messages', 200, @as,
    json => { to => $alice->id, data => 1 });
call('POST /rooms/{room}/messages', 'rooms/full/messages', 400, @as,
    json => {});
call('POST /rooms/{room}/messages', 'rooms/full/messages', 401,
    json => { data => 1 });
call('POST /rooms/{room}/messages', 'rooms/full/messages', 403,
    bearer => $nginx->api_key('few'), json => { data => 1 });
call('POST /rooms/{room}/messages', 'rooms/nowhere/messages', 404, @as,
    json => { data => 1 });
call('POST /rooms/{room}/messages', 'rooms/full/messages', 413, @as,
    body => $big);

my $kick = 'rooms/full/peers/' . $bob->id;

call('DELETE /rooms/{room}/peers/{peer}', $kick, 401);
call('DELETE /rooms/{room}/peers/{peer}', $kick, 403, bearer => $token);
call('DELETE /rooms/{room}/peers/{peer}', $kick, 204, @as);
call('DELETE /rooms/{room}/peers/{peer}', $kick, 404, @as);
call('GET /session', 'session', 401, bearer => $bob->token);

call('DELETE /rooms/{room}', 'rooms/mine', 401);
call('DELETE /rooms/{room}', 'rooms/mine', 403, bearer => $token);
call('DELETE /rooms/{room}', 'rooms/mine', 204, bearer => $mod);
call('DELETE /rooms/{room}', 'rooms/mine', 404, @as);

# The server, and the sockets that are refused.
call('GET /health', 'health', 200);
call('GET /jwks.json', 'jwks.json', 200);
call('GET /status', 'status', 200, @as);
call('GET /status', 'status', 401);
call('GET /status', 'status', 403, bearer => $nginx->api_key('web'));

my @ws = (headers => [@$more, 'Sec-WebSocket-Protocol' => 'otter.v1']);

$http->post('rooms', { room => 'shut', locked => true }, @as);
call('GET /ws', 'ws', 403, @ws, bearer => mint($nginx->key, room => 'shut'));
$bob = Otter::Peer->enter($nginx, 'bert', room => 'full');

call('GET /ws', 'ws', 426, bearer => $token);
call('GET /ws', 'ws', 426, bearer => $token, headers => $more);
call('GET /ws', 'ws', 401, @ws);
call('GET /ws', 'ws', 409, @ws, bearer => $other);
call('GET /ws', 'ws?resume=x', 400, @ws, bearer => $token);
call('GET /echo', 'echo', 426, bearer => $token);
call('GET /echo', 'echo', 401, headers => $more);
call('GET /echo', 'echo', 400, bearer => $token,
    headers => [@$more[0 .. 3], 'Sec-WebSocket-Version' => 13]);
call('GET /echo', 'echo', 403, bearer => $token,
    headers => [@$more, Origin => 'https://elsewhere.example']);
call('GET /echo', 'echo', 404, at => $bare, bearer => $token,
    headers => $more);

$contract->{visited}{"GET /$_"}{101} = 1 for qw(ws echo);

my @paths = sort keys %{ $contract->{document}{paths} };

# Every path knows one method less than there are.
for my $path (@paths) {
    my ($call) = grep { $_ ne 'parameters' }
        sort keys %{ $contract->{document}{paths}{$path} };
    my $url      = substr $path =~ s/\{room\}/den/r =~ s/\{peer\}/x/r, 1;
    my $response = $http->request(PUT => $url, @as);

    is($response->status, 405, "PUT $path: 405");
    $contract->add_response(uc $call, $path, $response);

    $contract->{visited}{ uc($_) . " $path" }{405} = 1
        for grep { $_ ne 'parameters' }
            keys %{ $contract->{document}{paths}{$path} };
}

$contract->validate;

# What the document promises was seen, but for what needs a server in trouble
# or a key that is used too often; those are tests of their own.
for my $path (@paths) {
    for my $method (sort keys %{ $contract->{document}{paths}{$path} }) {
        next if $method eq 'parameters';

        my $call   = uc($method) . " $path";
        my $seen   = $contract->visited($call);
        my @unseen = grep { !$seen->{$_} && !/^(?:429|503)$/ }
            sort keys %{ $contract->{document}{paths}{$path}{$method}
                {responses} };

        is("@unseen", '', "$call: all of it was seen");
    }
}


done_testing;

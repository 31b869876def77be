use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Every call that takes an API key wants a scope of it, or "admin", which is
# good for all, and a room of its pattern: 403 otherwise, and never for a key
# that has both.

my @scopes = qw(token rooms turn admin);

my $nginx = Otter::Nginx->start(
    api_keys => [
        map({ { id => $_, scopes => $_, rooms => 'den-*' } } @scopes),
        { id => 'all', rooms => 'den-*' },
        { id => 'any' },
    ],
    turn_secrets => ['north'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478;',
);

my $http = $nginx->http;
my $peer = 'a' x 20;

# method, path, body, scope; %s is a room

my @calls = (
    [POST   => 'token',              { room => '%s' }, 'token'],
    [POST   => 'rooms',              { room => '%s' }, 'rooms'],
    [GET    => 'rooms',              undef,            'rooms'],
    [GET    => 'rooms/%s',           undef,            'rooms'],
    [PATCH  => 'rooms/%s',           { locked => true }, 'rooms'],
    [POST   => 'rooms/%s/messages',  { data => 1 },    'rooms'],
    [DELETE => "rooms/%s/peers/$peer", undef,          'rooms'],
    [DELETE => 'rooms/%s',           undef,            'rooms'],
    [GET    => 'ice-servers',        undef,            'turn'],
    [GET    => 'turn?service=turn',  undef,            'turn'],
);

sub call ($call, $key, $room) {
    my ($method, $path, $body) = @$call;

    $path =~ s/%s/$room/;
    $body = { %$body, room => $room } if $body && $body->{room};

    return $http->request($method => $path,
        bearer => $nginx->api_key($key), $body ? (json => $body) : ());
}

sub code ($response) {
    return $response->status == 403 ? $response->json->{code} : 'let through';
}

for my $call (@calls) {
    my ($method, $path, $body, $scope) = @$call;
    my $name = "$method $path";

    for my $key (@scopes) {
        is(code(call($call, $key, 'den-1')),
            $key eq $scope || $key eq 'admin' ? 'let through' : 'key-scope',
            "$name with the scope $key");
    }

    is(code(call($call, 'all', 'den-1')), 'let through',
        "$name with all scopes");

    next if $path !~ /%s/ && !($body && $body->{room});

    is(code(call($call, $_, 'hall')), 'key-room',
        "$name: another room, with $_") for qw(all admin);
    is(code(call($call, 'any', 'hall')), 'let through',
        "$name: no pattern, no bound");
}

for my $room (qw(den-2 hall-2)) {
    $http->post('rooms', { room => $room }, bearer => $nginx->api_key('any'));
}

is_deeply([map { $_->{room} } @{ $http->get('rooms',
    bearer => $nginx->api_key($_))->json->{rooms} }], ['den-2'],
    "the list has the rooms of the pattern alone, with $_") for qw(all admin);


done_testing;

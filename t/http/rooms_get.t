use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET rooms/{room} shows who is in a room.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_max_peers 2;',
);

my %as   = (bearer => $nginx->api_key);
my $http = $nginx->http;

is_problem($http->get('rooms/den', %as), '404 room-not-found', 'no room yet');

my $alice = Otter::Peer->enter($nginx, 'alice',
    claims => { name => 'Alice', role => 'moderator', metadata => { n => 1 } });
my $room  = $http->get('rooms/den', %as)->json;

is($room->{status}, 'occupied', 'somebody is in it');
is($room->{max_peers}, 2, 'the size of the configuration');
is_deeply($room->{peers}, [$alice->welcome->{self}],
    'the peer as the peer itself was told');

my $bob = Otter::Peer->enter($nginx, 'bob');

$room = $http->get('rooms/den', %as)->json;

is($room->{status}, 'full', 'full');
is_deeply([sort map { $_->{identity} } @{ $room->{peers} }],
    [qw(alice bob)], 'both');

like($http->get('rooms/den', %as)->body,
    qr/^\{"room":"den","status":"full","locked":false,"lobby":false,
        "relay_only":false,"max_peers":2,"peers":\[.*\],
        "created_at":"[^"]*","updated_at":"[^"]*"\}/xs,
    'its members stand in the order of the interface');

$bob->leave;
$alice->expect($_) for qw(peer-joined room-updated peer-left room-updated);

is($http->get('rooms/den', %as)->json->{status}, 'occupied',
    'one of them left');

is_problem($http->get("rooms/$_", %as), '404 room-not-found',
    "no such room: $_") for qw(lodge DEN den2 de %64en2);

is($http->get('rooms/%64en', %as)->status, 200,
    'a name may be percent-encoded');
is_problem($http->get('rooms/den'), '401 auth-required', 'not without a key');


done_testing;

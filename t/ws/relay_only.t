use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# In a room where peers meet over relays alone they are told of relays alone.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    turn_secrets => ["0123456789abcdef" x 2],
    server   => 'otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478;'
        . ' otter_turn_ttl 3s;');
my $http  = $nginx->http;
my $key   = $nginx->api_key;

$http->post('rooms', { room => 'den', relay_only => true }, bearer => $key);

sub urls ($servers) { return [map { @{ $_->{urls} } } @$servers] }

my $relays = ['turn:127.0.0.1:3478'];
my $alice  = Otter::Peer->enter($nginx, 'alice');
my $token  = $http->post('token', { room => 'den' }, bearer => $key)->json;

is($alice->welcome->{room}{relay_only}, true, 'the welcome says so');
is_deeply(urls($alice->welcome->{ice_servers}), $relays, 'and has relays');
is_deeply(urls($token->{ice_servers}), $relays, 'POST token as well');

my $answer = $http->get('ice-servers', bearer => $token->{token});

is_deeply(urls($answer->json->{ice_servers}), $relays, 'GET ice-servers');
unlike($answer->header('Link'), qr/stun:/, 'and its Link');
is_deeply(urls($alice->expect('ice-servers', 10)->{ice_servers}), $relays,
    'what comes later');

my $other = Otter::Peer->enter($nginx, 'alice', room => 'lodge');

is(scalar @{ urls($other->welcome->{ice_servers}) }, 2,
    'another room has both');


done_testing;

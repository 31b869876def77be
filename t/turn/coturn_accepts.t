use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A real coturn relays for the credentials that Otter hands out.

use Otter::Coturn;

my $coturn = Otter::Coturn->start(secrets => ['north-secret']);

my $nginx = Otter::Nginx->start(
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north-secret'],
    server       => 'otter_turn_uri turn:127.0.0.1:' . $coturn->port
        . '?transport=udp;',
);

my $http     = $nginx->http;
my $answer   = $http->get('ice-servers', bearer => mint($nginx->key))->json;
my ($server) = @{ $answer->{ice_servers} };

ok($coturn->relays($server->{username}, $server->{credential}),
    'of GET ice-servers');

my $rest = $http->get('turn?service=turn', bearer => $nginx->api_key)->json;

ok($coturn->relays($rest->{username}, $rest->{password}), 'of GET turn');

ok(!$coturn->relays($rest->{username}, 'x' x 27 . '='), 'but for no other');


done_testing;

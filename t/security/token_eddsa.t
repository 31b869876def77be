use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Ed25519 keys sign and verify.

my $ed    = Otter::Key->eddsa('ed');
my $nginx = Otter::Nginx->start(keys => [$ed],
    server => 'otter_guests on;');
my $http  = $nginx->http;

is($http->get('session', bearer => mint($ed))->status, 200, 'EdDSA');
is_problem($http->get('session', bearer => mint(Otter::Key->eddsa('ed'))),
    '401 token-bad-signature', 'EdDSA by a stranger');
is($http->get('jwks.json')->json->{keys}[0]{x}, $ed->public_jwk->{x},
    'jwks.json has the public half');
is(header_of($http->post('token', { room => 'den' })->json->{token})->{alg},
    'EdDSA', 'the server signs with it');


done_testing;

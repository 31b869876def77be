use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET jwks.json shows the public halves of the signing keys, and nothing else.

my $hs = Otter::Key->hs256('hs');
my $es = Otter::Key->es256('es');

my $nginx    = Otter::Nginx->start(keys => [$hs, $es]);
my $response = $nginx->http->get('jwks.json');

is($response->status, 200, 'status 200');
like($response->content_type, qr{^application/(?:jwk-set\+)?json$}, 'JSON');

my @keys = @{ $response->json->{keys} };

is(scalar @keys, 1, 'a symmetric key has no public half');
is($keys[0]{$_}, $es->public_jwk->{$_}, $_) for qw(kty crv x y kid alg);
is($keys[0]{use} // 'sig', 'sig', 'for signatures');
ok(!exists $keys[0]{d}, 'the private half is not there');

unlike($response->body, qr/\Q$_->{jwk}{d}\E/, 'nowhere') for $es;
unlike($response->body, qr/\Q$_->{jwk}{k}\E/, 'nor the secret') for $hs;


done_testing;

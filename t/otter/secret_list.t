use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json to_json);
use Otter::Key;

# The list shows names and algorithms, which key signs, and no secret.

my $path = put('jwt.json', to_json({ keys => [
    Otter::Key->es256('public')->public_jwk,
    Otter::Key->eddsa('ed')->jwk,
    Otter::Key->hs256('hs')->jwk,
] }));

my $result = otter(qw(secret list --file), $path);

is($result->{exit}, 0, 'it succeeds');
is($result->{stdout}, <<~'TEXT', 'an aligned table');
    KID     ALG    USE       SIGNS_FROM  VERIFIES_UNTIL
    public  ES256  verifies  -           -
    ed      EdDSA  signs     -           -
    hs      HS256  verifies  -           -
    TEXT

my $answer = otter_json(qw(secret list --file), $path);

is_deeply($answer, { keys => [
    { kid => 'public', alg => 'ES256', use => 'verifies' },
    { kid => 'ed',     alg => 'EdDSA', use => 'signs' },
    { kid => 'hs',     alg => 'HS256', use => 'verifies' },
] }, 'the same in JSON');

done_testing();

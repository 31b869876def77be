use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use MIME::Base64 qw(decode_base64url);
use Otter::JSON qw(from_json);

# A new signing key is one for HS256 with 256 random bits, which nobody sees.

my $path   = file_in('jwt.json');
my $result = otter(qw(secret new --file), $path);

is($result->{exit}, 0, 'it succeeds');

my ($jwk) = @{ from_json(slurp($path))->{keys} };

is($result->{stdout}, "$jwk->{kid}\n", 'the output is its name');
like($result->{stderr}, qr/HS256 .*"\Q$jwk->{kid}\E"/, 'a person is told');
like($jwk->{kid}, qr/\A\d{4}-\d\d-\d\d-\w{4}\z/, 'which has the date');
is($jwk->{kty}, 'oct', 'its type');
is($jwk->{alg}, 'HS256', 'its algorithm');
is(length decode_base64url($jwk->{k}), 32, 'its length');

unlike($result->{stdout} . $result->{stderr}, qr/\Q$jwk->{k}/,
    'its secret is not shown');

done_testing();

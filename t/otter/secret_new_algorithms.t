use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json);

# Keys of every algorithm are made, under the name asked for.

my %kty = (HS256 => 'oct', ES256 => 'EC', EdDSA => 'OKP');
my %crv = (ES256 => 'P-256', EdDSA => 'Ed25519');

for my $alg (sort keys %kty) {
    my $path   = file_in("$alg.json");
    my $answer = otter_json(qw(secret new --kid), "my $alg", '--alg', $alg,
        '--file', $path);

    is_deeply($answer, { kid => "my $alg", alg => $alg }, "$alg: the result");

    my ($jwk) = @{ from_json(slurp($path))->{keys} };

    is($jwk->{kty}, $kty{$alg}, 'its type');
    is($jwk->{crv}, $crv{$alg}, 'its curve');
    is($jwk->{kid}, "my $alg", 'its name');
    is($jwk->{use}, 'sig', 'its use');
    ok($jwk->{d} // $jwk->{k}, 'it has a private part');
}

is(otter(qw(secret new --file), file_in('x.json'), '--alg', $_)->{exit}, 2,
    "no $_") for qw(RS256 HS512 none hs256), '';

ok(!-e file_in('x.json'), 'for which nothing is written');

done_testing();

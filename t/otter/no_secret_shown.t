use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json to_json);
use Otter::Key;

# Whatever happens, no secret of a file gets into what is said.

my $hs     = Otter::Key->hs256('hs');
my $es     = Otter::Key->es256('es');
my $ed     = Otter::Key->eddsa('ed');
my $secret = 'very-secret-turn-password-1234';
my $set    = to_json({ keys => [map { $_->jwk } $hs, $es, $ed] });

my @secrets = ($hs->jwk->{k}, $es->jwk->{d}, $ed->jwk->{d}, $secret);

my %files = (
    'good'         => $set,
    'cut short'    => substr($set, 0, -3),
    'no comma'     => $set =~ s/","/"  "/r,
    'names twice'  => $set =~ s/\{"alg"/{"alg":"x","alg"/r,
    'kid twice'    => to_json({ keys => [$hs->jwk, $hs->jwk] }),
    'kid missing'  => $set =~ s/"kid":"ed",?//r,
    'a wrong type' => $set =~ s/"kty":"OKP"/"kty":"EC"/r,
    'not UTF-8'    => $set =~ s/"ed"/"\xff"/r,
    'the secret as a name' => to_json({ keys => [{ $hs->jwk->{k} => 1 }] }),
    'a secret'     => "$secret\n",
    'long secrets' => "$secret\n" x 9,
);

for my $name (sort keys %files) {
    my $path = put('file', $files{$name});

    for my $command (
        [qw(secret list --file)], [qw(secret new --file)],
        [qw(key list --file)], [qw(key create --id a --file)],
        [qw(token --room a --identity b --secret-file)],
        [qw(check --jwt-keys)], [qw(check --api-keys)],
        [qw(check --turn 127.0.0.1:1 --turn-secret)])
    {
        for my $json ([], ['--json']) {
            my $result = otter(@$command, $path, @$json);
            my $said   = $result->{stdout} . $result->{stderr};

            ok(!(grep { index($said, $_) >= 0 } @secrets),
                "$name: otter @$command @$json") or diag($said);
        }

        put('file', $files{$name});
    }
}

done_testing();

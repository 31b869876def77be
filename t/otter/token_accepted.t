use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Test;

# nginx takes the tokens of keys that the command made, of every algorithm.

use Otter::Cli;

my $path = file_in('jwt.json');

for my $alg (qw(HS256 ES256 EdDSA)) {
    otter_json(qw(secret new --kid), $alg, '--alg', $alg, '--file', $path);
}

my %token;

for my $alg (qw(HS256 ES256 EdDSA)) {
    my $all = from_json(slurp($path));

    # each in turn is the first
    my $own = put("$alg.json", to_json({ keys => [
        sort { ($b->{kid} eq $alg) <=> ($a->{kid} eq $alg) }
            @{ $all->{keys} },
    ] }));

    $token{$alg} = otter_json(qw(token --room den --identity alice --name Al
        --role moderator --metadata {"a":1} --secret-file), $own)->{token};
}

my $nginx = Otter::Nginx->start(
    keys    => [],
    secrets => { 'cli.json' => slurp($path) },
    server  => 'otter_jwt_key_file %prefix%/cli.json;',
);

for my $alg (sort keys %token) {
    my $response = $nginx->http->get('session', bearer => $token{$alg});

    is($response->status, 200, "$alg is taken");

    my $session = $response->json;

    is($session->{room}, 'den', 'for its room');
    is($session->{sub} // $session->{identity}, 'alice', 'and identity');
    is($session->{role}, 'moderator', 'in its role');
}


done_testing;

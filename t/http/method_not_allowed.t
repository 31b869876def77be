use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A method that a path has not is a 405, and Allow names those it has.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_echo on;',
);

my %allowed = (
    'token'       => [qw(POST)],
    'session'     => [qw(GET)],
    'ice-servers' => [qw(GET)],
    'turn'        => [qw(GET)],
    'rooms'       => [qw(GET POST)],
    'rooms/den'   => [qw(GET PATCH DELETE)],
    'rooms/den/messages'  => [qw(POST)],
    'rooms/den/peers/bob' => [qw(DELETE)],
    'health'      => [qw(GET)],
    'jwks.json'   => [qw(GET)],
    'ws'          => [qw(GET)],
    'echo'        => [qw(GET)],
);

for my $path (sort keys %allowed) {
    my %has = map { $_ => 1 } @{ $allowed{$path} };

    for my $method (grep { !$has{$_} } qw(GET POST PUT PATCH DELETE BREW)) {
        my $response = $nginx->http->request($method => $path, json => {},
            bearer => $nginx->api_key);

        is_problem($response, '405 method-not-allowed', "$method $path");

        my %told = map { $_ => 1 }
            split /\s*,\s*/, $response->header('Allow') // '';

        is_deeply([grep { !$told{$_} } @{ $allowed{$path} }], [],
            "$method $path: Allow names every method there is");
        ok(!$told{$method}, "$method $path: and not this one");
    }
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Pages of an allowed origin may call the API; others get no leave.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_allowed_origins https://app.example;',
);

my $http = $nginx->http;

sub preflight ($origin) {
    return $http->request(OPTIONS => 'token', headers => [
        'Origin'                         => $origin,
        'Access-Control-Request-Method'  => 'POST',
        'Access-Control-Request-Headers' => 'authorization, content-type',
    ]);
}

my $good = preflight('https://app.example');

like($good->status, qr/^20[04]$/, 'a preflight is answered');
is($good->header('Access-Control-Allow-Origin'), 'https://app.example',
    'with the origin');
like($good->header('Access-Control-Allow-Methods') // '', qr/\bPOST\b/,
    'the methods');
like($good->header('Access-Control-Allow-Headers') // '', qr/authorization/i,
    'the headers');
like($good->header('Vary') // '', qr/\bOrigin\b/i, 'and Vary');

is(preflight($_)->header('Access-Control-Allow-Origin'), undef, "not $_")
    for 'https://evil.example', 'http://app.example',
    'https://app.example:444', 'https://app.example.evil.example', 'null';

my $call = $http->get('health',
    headers => [Origin => 'https://app.example']);

is($call->header('Access-Control-Allow-Origin'), 'https://app.example',
    'a call is answered with it');
is($http->get('session', headers => [Origin => 'https://app.example'])
    ->header('Access-Control-Allow-Origin'), 'https://app.example',
    'and a refused one, so that the page can read why');
is($http->get('health')->header('Access-Control-Allow-Origin'), undef,
    'not without an origin');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A browser's page must be of the same origin, or of an allowed one.

my $nginx = Otter::Nginx->start(
    tls     => 1,
    servers => <<~'CONF',
        server {
            listen 127.0.0.1:%port:listed%;
            otter_signaling on;
            otter_jwt_key_file %prefix%/jwt.json;
            otter_allowed_origins https://a.example http://b.example:8080;
        }
        server {
            listen 127.0.0.1:%port:any%;
            otter_signaling on;
            otter_jwt_key_file %prefix%/jwt.json;
            otter_allowed_origins *;
        }
        CONF
);

sub status ($port, $origin, %option) {
    my $response = $nginx->websocket(port => $port, token => mint($nginx->key),
        origin => $origin, %option)->response;

    return $response->status if $response->status != 403;

    return $response->content_type eq 'application/problem+json' ? 403
        : 'no problem document';
}

my $main = $nginx->port;

is(status('main', undef), 101, 'no browser, no origin');
is(status('main', "http://127.0.0.1:$main"), 101, 'same origin');
is(status('main', 'http://site.example', host => 'site.example'), 101,
    'same origin by name');
is(status('main', 'http://SITE.example', host => 'site.EXAMPLE'), 101,
    'names have no letter case');

is(status('main', $_), 403, "not $_") for 'http://127.0.0.1',
    "https://127.0.0.1:$main", "http://127.0.0.1:${main}0",
    "http://127.0.0.1:$main.evil.example", 'http://evil.example', 'null',
    "http://127.0.0.1:$main/", 'file://', 'x',
    "http://user\@127.0.0.1:$main", "http://evil.example#127.0.0.1:$main";

is(status('main', '', headers => { Origin =>
    ["http://127.0.0.1:$main", 'http://evil.example'] }), 403,
    'nor one of two');

is(status('listed', $_), 101, "$_ is listed")
    for 'https://a.example', 'http://b.example:8080';
is(status('listed', $_), 403, "$_ is not")
    for 'http://a.example', 'http://b.example', 'https://a.example:8443',
    'https://a.example.evil.example', 'https://xa.example', 'null';

is(status('any', $_), 101, "any: $_") for 'http://evil.example', 'null';


done_testing;

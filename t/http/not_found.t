use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An unknown path below the prefix is a 404.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_web_root off;',
);

my @paths = qw(x token/ token/x tokens Token session/x sessions ice-servers/
    turn/x room rooms/ rooms/a/b rooms/a/peers rooms//peers healthz
    jwks jwks.json/x ws/x wss echo/x assets sdk/other.js);

is_problem($nginx->http->get($_, bearer => $nginx->api_key), '404', $_)
    for @paths;


done_testing;

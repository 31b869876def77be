use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What the server demands of its visitors holds for Otter's paths as well.

my $nginx = Otter::Nginx->start(
    server  => <<~'CONF',
        if ($http_x_blocked) { return 402; }
        CONF
    servers => <<~'CONF',
        server {
            listen 127.0.0.1:%port:closed%;
            otter_signaling on;
            otter_guests on;
            deny all;
        }
        CONF
);

is($nginx->http->get('health')->status, 200, 'open to most');
is($nginx->http->get('health', headers => ['X-Blocked' => 1])->status, 402,
    'rewrite rules of the server run first');
is($nginx->http(port => 'closed')->get('health')->status, 403,
    'denied where access is');
is($nginx->http(port => 'closed')->post('token', { room => 'den' })->status,
    403, 'to calls as well');
is(Otter::Peer->knock($nginx, 'alice', port => 'closed')->ws->status, 403,
    'and to the socket');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_signaling in the http block holds for every server, except where one
# says off.

my $nginx = Otter::Nginx->start(
    mount   => '',
    http    => 'otter_signaling on;',
    servers => <<~'CONF',
        server { listen 127.0.0.1:%port:other%; }
        server { listen 127.0.0.1:%port:off%; otter_signaling off; }
        CONF
);

is($nginx->http->get('health')->status, 200, 'the first server');
is($nginx->http(port => 'other')->get('health')->status, 200, 'another');
is($nginx->http(port => 'off')->get('health')->status, 404, 'not that one');


done_testing;

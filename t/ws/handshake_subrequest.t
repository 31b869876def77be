use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A subrequest cannot have the connection: "auth_request" and "mirror" that
# lead to the socket by mistake are refused, and the request goes on.

my $nginx = Otter::Nginx->start(
    server => <<~'CONF',
        otter_echo on;
        location = /auth/page {
            auth_request /otter/ws;
            proxy_pass http://127.0.0.1:%port:main%/otter/health;
        }
        location = /auth/echo {
            auth_request /otter/echo;
            proxy_pass http://127.0.0.1:%port:main%/otter/health;
        }
        location = /mirror {
            mirror /otter/ws;
            proxy_pass http://127.0.0.1:%port:main%/otter/health;
        }
        CONF
);

my $token   = mint($nginx->key);
my @headers = (headers => { Authorization => "Bearer $token" });

for my $case (['/auth/page', 500], ['/auth/echo', 500], ['/mirror', 200]) {
    my ($path, $status) = @$case;

    is($nginx->websocket(path => $path, token => $token, @headers)->status,
        $status, $path);
}

is($nginx->http->get('health')->status, 200, 'the worker is alive');


done_testing;

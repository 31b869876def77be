use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Otter is mounted even beside "location / { proxy_pass ... }", and takes
# nothing but its prefix.

my $nginx = Otter::Nginx->start(
    server  => <<~'CONF',
        otter_guests on;
        location / { proxy_pass http://127.0.0.1:%port:back%; }
        location ~ \.json$ { return 200 "regex"; }
        CONF
    servers => <<~'CONF',
        server {
            listen 127.0.0.1:%port:back%;
            location / { return 200 "back $request_uri"; }
        }
        CONF
);

my $http = $nginx->http;

is($http->get('health')->json->{status}, 'ok', 'Otter has its prefix');
is($http->get('jwks.json')->status, 200, 'and its names');
is($http->post('token', { room => 'den' })->status, 200, 'and its methods');
is($http->get($_)->body, "back $_", "the site has $_")
    for qw(/ /otte /otters /x/otter/health);

my $alice = Otter::Peer->enter($nginx, 'alice');

is($alice->welcome->{self}{identity}, 'alice', 'the socket as well');


done_testing;

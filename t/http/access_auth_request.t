use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# auth_request in front of Otter: the site's own login decides about calls,
# pages and sockets; with "satisfy any" an address may do instead.

my $auth = <<'CONF';
    location = /login {
        internal;
        if ($http_cookie !~ "login=yes") { return 401; }
        return 204;
    }
    auth_request /login;
CONF

my $nginx = Otter::Nginx->start(server => $auth, servers => <<"CONF");
    server {
        listen 127.0.0.1:%port:any%; otter_signaling on;
        otter_jwt_key_file %prefix%/jwt.json;
        $auth satisfy any; allow 127.0.0.1; deny all;
    }
    server {
        listen 127.0.0.1:%port:all%; otter_signaling on;
        otter_jwt_key_file %prefix%/jwt.json;
        $auth satisfy all; deny 127.0.0.1; allow all;
    }
    server {
        listen 127.0.0.1:%port:either%; otter_signaling on;
        otter_jwt_key_file %prefix%/jwt.json;
        $auth satisfy any; deny all;
    }
CONF

my @in    = (headers => [Cookie => 'login=yes']);
my @token = (bearer => mint($nginx->key));


sub socket_status (%option) {
    $option{headers} = { @{ $option{headers} // [] } };

    return Otter::Peer->knock($nginx, 'alice', %option)->ws->status;
}


for my $case (
    # port     nobody  with the cookie
    ['main',   401,    200],
    ['any',    200,    200],
    ['all',    403,    403],
    ['either', 401,    200],
) {
    my ($port, $nobody, $known) = @$case;
    my $http = $nginx->http(port => $port);

    is($http->get('health')->status, $nobody, "$port: nobody");
    is($http->get('health', @in)->status, $known, "$port: who is logged in");
    is($http->get('session', @token)->status, $nobody,
        "$port: a token is no login");
    is($http->get('session', @token, @in)->status, $known,
        "$port: both");
    is(socket_status(port => $port), $nobody == 200 ? 101 : $nobody,
        "$port: a socket of nobody");
    is(socket_status(port => $port, @in), $known == 200 ? 101 : $known,
        "$port: a socket of who is logged in");
}

is(socket_status(@in, token => mint(Otter::Key->hs256('other'))), 401, 'a login is no token either');


done_testing;

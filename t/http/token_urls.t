use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# ws_url and join_url are those under which the caller reached the server.

my $nginx = Otter::Nginx->start(
    tls    => 1,
    server => 'otter_guests on;',
);

my $plain = $nginx->http->post('token', { room => 'a.Z_9~-' },
    host => 'call.example:8080')->json;

is($plain->{ws_url}, 'ws://call.example:8080/otter/ws', 'ws_url');
like($plain->{join_url},
    qr{^http://call\.example:8080/otter/room/a\.Z_9~-#token=}, 'join_url');

my $secure = $nginx->http(tls => 1)->post('token', { room => 'den' },
    host => 'call.example')->json;

is($secure->{ws_url}, 'wss://call.example/otter/ws', 'ws_url under TLS');
like($secure->{join_url}, qr{^https://call\.example/otter/room/den#token=},
    'join_url under TLS');


done_testing;

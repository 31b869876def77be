use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_prefix moves everything.

my $nginx = Otter::Nginx->start(
    prefix => '/calls/v1/',
    server => 'otter_prefix /calls/v1/; otter_guests on;',
);

my $http = $nginx->http;

is($http->get('health')->status, 200, 'the API is there');
is($http->get('/otter/health')->status, 404, 'and nowhere else');
is($http->get('/calls/health')->status, 404, 'not above it');

my $answer = $http->post('token', { room => 'den' })->json;

like($answer->{ws_url}, qr{^ws://[^/]+/calls/v1/ws$}, 'ws_url has it');
like($answer->{join_url}, qr{^http://[^/]+/calls/v1/room/den#}, 'join_url');

is(Otter::Peer->enter($nginx, 'alice')->welcome->{self}{identity}, 'alice',
    'the socket is there');


done_testing;

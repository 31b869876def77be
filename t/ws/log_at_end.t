use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;
use Time::HiRes qw(sleep);

# nginx's own request of an idle WebSocket is put away; the log at the end has
# all of it the same, but for the token, which nobody keeps.

my $nginx = Otter::Nginx->start(
    http => <<~'CONF',
        map $http_x_device $device { default other; phone mobile; }
        log_format whole '$request|$status|$host|$http_user_agent|'
            '$http_cookie|$cookie_a|$arg_b|$uri|$device|$kept|$otter_room|'
            '$otter_identity|$otter_peer|$otter_close_code|'
            '$otter_messages_in|$http_authorization|$request_time|'
            '$connection_requests|$bytes_sent|$request_length|$server_name|'
            '$scheme|$http_referer|$http_x_forwarded_for';
        CONF
    server => <<~'CONF',
        server_name site.example;
        set $kept "set by $arg_b";
        access_log %prefix%/whole.log whole;
        CONF
);

my $ws = $nginx->websocket(
    token   => mint($nginx->key, room => 'den', sub => 'alice'),
    path    => '/otter/ws?b=1',
    host    => 'site.example',
    headers => {
        'User-Agent'      => 'Otter test/1',
        'Cookie'          => 'a=one; b=two',
        'X-Device'        => 'phone',
        'X-Forwarded-For' => '192.0.2.1',
        'Referer'         => 'https://site.example/x',
    },
);

my $welcome = from_json($ws->next_message);

$ws->send_text('{"type":"message","data":1}') for 1 .. 3;
sleep 0.3;
$ws->send_close(1000);
is($ws->close_code, 1000, 'closed');

my @field = split /[|\n]/,
    eventually(5, sub { $nginx->read('whole.log') });

my @expected = (
    'GET /otter/ws?b=1 HTTP/1.1', 101, 'site.example', 'Otter test/1',
    'a=one; b=two', 'one', 1, '/otter/ws', 'mobile', 'set by 1', 'den',
    'alice', $welcome->{self}{id}, 1000, 3, '-',
);

is($field[$_], $expected[$_], "it has \"$expected[$_]\"") for 0 .. $#expected;

cmp_ok($field[16], '>=', 0.3, 'the time it took');
is($field[17], 1, 'one request');
cmp_ok($field[18], '>', 300, 'bytes sent');
cmp_ok($field[19], '>', 300, 'length of the request');
is($field[20], 'site.example', 'the server');
is($field[21], 'http', 'the scheme');
is($field[22], 'https://site.example/x', 'where it came from');
is($field[23], '192.0.2.1', 'and by whom');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The variables, as a log_format and a map see them: for a socket when it has
# ended, for a call when it is answered, for others not at all.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'web' }],
    http     => <<~'CONF',
        map $otter_room $floor { ~^up- upstairs; default downstairs; }
        log_format all '$request_method $uri|$otter_room|$otter_identity|'
            '$otter_key|$otter_peer|$otter_session|$otter_close_code|'
            '$otter_messages_in|$otter_messages_out|$floor';
        CONF
    server   => 'access_log %prefix%/all.log all;
        location = /elsewhere { return 204; }',
);


# The parts of the line that begins so, once it is there.

sub logged ($begin) {
    ok($nginx->logs(qr/^\Q$begin\E\|/m, file => 'all.log'), $begin);

    my ($line) = $nginx->read('all.log') =~ /^(\Q$begin\E\|.*)$/m;

    return [split /\|/, $line // ''];
}


my ($alice, $bob) = peers($nginx, qw(alice bob), { room => 'up-1' });

$alice->message($_) for 1 .. 3;
$bob->expect('message') for 1 .. 3;
$bob->leave;
$alice->expect('peer-left');
$alice->ws->send_close(1001);
$alice->close_code;

my ($left) = grep { /\|bob\|/ } do {
    ok($nginx->logs(qr/\|alice\|.*\n|\|bob\|.*\n/, file => 'all.log'),
        'the sockets are logged');
    eventually(3, sub { 2 == (() = $nginx->read('all.log') =~ /ws\|/g) });
    split /\n/, $nginx->read('all.log');
};

is($left, join('|', 'GET /otter/ws', 'up-1', 'bob', 'test', $bob->id,
    $bob->welcome->{session}, 1000, 1, $bob->seq, 'upstairs'),
    'all of a socket');
like($nginx->read('all.log'),
    qr/\|alice\|test\|[^|]+\|[^|]+\|1001\|3\|\d+\|upstairs$/m,
    'one that went away by itself');

$nginx->http->post('token', { room => 'den', identity => 'carol' },
    bearer => $nginx->api_key('web'));
is_deeply(logged('POST /otter/token'), ['POST /otter/token', qw(den carol
    web - - - - - downstairs)], 'of a call');

$nginx->http->get('session', bearer => mint($nginx->key, iss => 'web',
    room => 'up-2', sub => 'dora'));
is_deeply(logged('GET /otter/session'), ['GET /otter/session', qw(up-2 dora
    web - - - - - upstairs)], 'of a token: its key is the one that made it');

$nginx->http->get('ice-servers', bearer => mint(Otter::Key->hs256('test'), room => 'up-3'));
is_deeply(logged('GET /otter/ice-servers'), ['GET /otter/ice-servers',
    qw(- - - - - - - - downstairs)], 'of a token that is none, nothing');

$nginx->http->get('/elsewhere', bearer => mint($nginx->key));
is_deeply(logged('GET /elsewhere'), ['GET /elsewhere',
    qw(- - - - - - - - downstairs)], 'of what is not Otter, nothing');


done_testing;

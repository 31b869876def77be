use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What dead hosts left in Redis is cleared: their peers are told to have left,
# rooms that nobody keeps are closed, and rooms that are due are closed for
# hosts that did not do it.  Rooms of living hosts are let alone.

use Otter::Companion;
use Otter::Events;
use Otter::Redis;

my $redis  = Otter::Redis->start;
my $events = Otter::Events->listen($redis);
my $nginx  = Otter::Nginx->start(http => 'otter_redis ' . $redis->url . ';');

ok(eventually(20, sub { $nginx->http->get('health')->json->{status} eq 'ok' }),
    'Redis is up');

my $alive = Otter::Peer->enter($nginx, 'alice', room => 'alive');

sub told ($room, @fields) { $redis->command('HSET', "otter:{$room}:e", @fields) }

my $now  = time;
my @open = (opened => $now * 1000, n => $now * 1000 + 3);

# As hosts leave them: members and room have ended with their lives.
told('lost', @open, peers => 1,
    'p' . 'a' x 20 => qq(web\t{"id":"@{[ 'a' x 20 ]}","identity":"al"}),
    'w' . 'b' x 20 => '1');

# One that the API made stays, without its peers.
told('kept', @open, peers => 1,
    'p' . 'c' x 20 => qq(app\t{"id":"@{[ 'c' x 20 ]}","identity":"cy"}));
$redis->command('HSET', 'otter:{kept}:r', v => 5, max => 8, kept => 1);

# One is over, and its host has not closed it.
told('due', @open, peers => 0);
$redis->command('HSET', 'otter:{due}:r', v => 5, max => 8, kept => 1,
    exp => $now - 10);
$redis->command('HSET', 'otter:{due}:m', 'd' x 20, 'record');

# And one is almost, which is its hosts' affair.
told('almost', @open, peers => 0);
$redis->command('HSET', 'otter:{almost}:r', v => 5, max => 8, kept => 1,
    exp => $now + 60);


my $reaper = Otter::Companion->start('otter-reaper', <<~CONF);
    redis = ${\ $redis->url}
    interval = 200ms
    grace = 2s
    CONF

ok(eventually(20, sub {
    !$redis->command('EXISTS', 'otter:{lost}:e', 'otter:{due}:e',
        'otter:{due}:r', 'otter:{due}:m');
}), 'what is over is deleted') or diag $reaper->log;

my %told;

push @{ $told{ $_->{room} } }, "$_->{type} $_->{reason}"
    . (ref $_->{peer} ? " $_->{peer}{identity} $_->{key}" : '')
    for $events->pending;

is_deeply($told{lost}, ['peer.left timeout al web', 'room.closed lost'],
    'a lost room: its peer has left, and it is closed');
is_deeply($told{kept}, ['peer.left timeout cy app'],
    'one of the API: its peer has left');
is_deeply($told{due}, ['room.closed expired'], 'one that is due is closed');
is($told{almost}, undef, 'one that is not is let alone');
ok(!(grep { /left|closed/ } @{ $told{alive} }), 'and so is a living one');

is($redis->command('HGET', 'otter:{kept}:e', 'peers'), 0, 'nobody is there');
ok($redis->command('EXISTS', 'otter:{kept}:r'), 'in the room that stays');
ok($redis->command('EXISTS', 'otter:{alive}:m'), 'the living one is there');
ok($reaper->stop, 'it ends');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What otter-turn counts of a relayed call agrees with coturn's own figure, and
# belongs to the peer, its room and its key; also when otter-turn is killed in
# the middle, and when two of them run.

use Otter::Companion;
use Otter::Coturn;
use Otter::Redis;
use Otter::Relay;

my $redis  = Otter::Redis->start;
my $coturn = Otter::Coturn->start(redis => $redis);
my $nginx  = Otter::Nginx->start(
    http         => 'otter_redis ' . $redis->url . ';',
    turn_secrets => ['north'],
    server       => 'otter_turn_uri turn:127.0.0.1:' . $coturn->port
        . '?transport=udp; location = /status { otter_status; }',
);

my @conf = ('otter-turn', <<~CONF);
    redis = ${\ $redis->url}
    realm = otter
    secret_file = ${\ $nginx->path('turn.secret')}
    uri = turn:127.0.0.1:${\ $coturn->port}
    probe_interval = 200ms
    CONF

my ($first, $second) = map { Otter::Companion->start(@conf) } 1 .. 2;

sub relay (%claim) {
    my $answer = $nginx->http->get('ice-servers',
        bearer => mint($nginx->key, %claim))->json;

    return Otter::Relay->allocate($coturn->port,
        @{ $answer->{ice_servers}[0] }{qw(username credential)});
}

sub usage ($name) {
    return { @{ $redis->command('HGETALL', "otter:usage:{u}:$name") } };
}

sub total () { return usage('total')->{bytes} // 0 }

ok(eventually(10, sub {
    return 2 == (() = $redis->command('CLIENT', 'LIST') =~ / psub=1 /g)
        && $redis->command('GET', 'otter:usage:{u}:lease');
}), 'both listen, one counts');

my $alice = relay(sub => 'alice', room => 'standup', iss => 'web');
my $bob   = relay(sub => "bob o'hara", room => 'standup', iss => 'web');

is($alice->code || $bob->code, 0, 'two peers allocate');
is($alice->transfer(1200, 700), 1200, 'one sends, and all comes back');
is($bob->transfer(300, 900), 300, 'the other too');
ok(eventually(10, sub { total() > 700_000 }), 'it is counted meanwhile');

# Whoever counts is killed; what it did not hear is in the totals.
my ($leader) = grep { $_->log =~ /counts relayed/ } $first, $second;
$leader->kill;
$alice->transfer(200, 700);
$leader->launch;
$bob->transfer(200, 900);

is($_->release, 0, 'released') for $alice, $bob;
ok(eventually(20, sub { $coturn->relayed > 2_800_000 }), 'coturn has a figure')
    or diag $coturn->relayed;

my $truth = $coturn->relayed;

ok(eventually(20, sub { abs(total() - $truth) <= $truth / 100 }),
    "it agrees within 1 %") or diag total();
is(total(), $truth, 'to the byte, in fact');

ok(eventually(10, sub {
    my $status = $nginx->http->get('/status')->body;

    return $status =~ /^otter_turn_relayed_bytes_total (\d+)$/m
        && $1 == $truth;
}), 'the status says the same');

my ($day) = @{ $redis->command('KEYS', 'otter:usage:{u}:d:*') };

is({ @{ $redis->command('HGETALL', $day) } }->{'b:web'}, $truth,
    "all is the key's");

my $room = usage('r:standup');

is($room->{bytes}, $truth, "and the room's");
is($room->{'i:alice'} + $room->{"i:bob o'hara"}, $truth, "and the peers'");
cmp_ok($room->{'i:alice'}, '>', $room->{"i:bob o'hara"}, 'each has its own');
is(scalar @{ $redis->command('KEYS', 'otter:usage:{u}:a:*') }, 0,
    'nothing is kept of allocations that have ended');

ok($_->stop, 'it ends') for $first, $second;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Call minutes of a key are the time that its peers were in a room with at
# least one other, by the events of the room: to the millisecond, also when
# otter-reaper is killed again and again.  "otter usage" shows them.

use Otter::Command qw(run);
use Otter::Companion;
use Otter::Events;
use Otter::Paths qw($command);
use Otter::Redis;
use Time::HiRes qw(sleep);

my $redis  = Otter::Redis->start;
my $events = Otter::Events->listen($redis);
my $nginx  = Otter::Nginx->start(http => 'otter_redis ' . $redis->url . ';');
my @conf   = ('otter-reaper', 'redis = ' . $redis->url . "\n");
my @reaper = map { Otter::Companion->start(@conf) } 1 .. 2;

ok(eventually(20, sub { $nginx->http->get('health')->json->{status} eq 'ok' }),
    'Redis is up');
ok(eventually(20, sub { $redis->command('GET', 'otter:usage:{u}:reaper') }),
    'one of two reapers counts');

sub enter ($identity, $room, $key) {
    return Otter::Peer->enter($nginx, $identity, room => $room,
        claims => { iss => $key });
}

sub leader () {
    my $name = $redis->command('GET', 'otter:usage:{u}:reaper');

    return (grep { $_->log =~ /is at work/ } @reaper)[-1];
}

my (%expected, %room, $last);

# What the events say, in the plainest way.

sub expect_event ($event) {
    my $room = $room{ $event->{room} } //= { at => $event->{time} };
    my $past = $event->{time} - $room->{at};
    my @keys = values %{ $room->{peers} };

    if (@keys >= 2) {
        $expected{$_} += $past for @keys;
    }

    $room->{at} = $event->{time};

    my $id = ref $event->{peer} ? $event->{peer}{id} : '';

    $room->{peers}{$id} = $event->{key} if $event->{type} eq 'peer.joined';
    delete $room->{peers}{$id} if $event->{type} eq 'peer.left';
    delete $room{ $event->{room} } if $event->{type} eq 'room.closed';
}

for my $round (1 .. 3) {
    my @peers = map { enter("peer-$_", "room-$round", $_ == 3 ? 'app' : 'web') }
        1 .. 3;
    my $alone = enter('hermit', "cave-$round", 'web');

    sleep 0.3;

    # One dies in the middle; what it has read and not counted is not lost.
    $reaper[ $round % 2 ]->kill;

    $_->leave for @peers, $alone;
    $reaper[ $round % 2 ]->launch;
}

my $closed = 0;

while ($closed < 6) {
    my $event = $events->next;

    expect_event($event);
    $closed++ if $event->{type} eq 'room.closed';
}

is_deeply([sort keys %expected], [qw(app web)], 'events tell the keys');
cmp_ok($expected{$_}, '>', 300, "there is something to count for $_")
    for sort keys %expected;

sub counted () {
    my ($day) = @{ $redis->command('KEYS', 'otter:usage:{u}:d:*') } or return;

    return { @{ $redis->command('HGETALL', $day) } };
}

ok(eventually(40, sub {
    my $counted = counted() // return;

    return !grep { ($counted->{"m:$_"} // 0) != $expected{$_} }
        keys %expected;
}), 'it is counted') or diag explain_usage();

sub explain_usage () {
    return join ' ', %expected, 'but', %{ counted() // {} };
}

my $shown = run($command, 'usage', '--redis', $redis->url, '--json');

is($shown->{exit}, 0, '"otter usage" shows it');

my %shown = map { $_->{key} // '' => $_ } @{ from_json($shown->{stdout})->{usage} };

for my $key (sort keys %expected) {
    cmp_ok(abs($shown{$key}{call_minutes} - $expected{$key} / 60_000), '<',
        1e-9, "minutes of $key");
    is($shown{$key}{relayed_bytes}, 0, 'nothing was relayed');
}


my ($key) = sort keys %expected;
my $table = run($command, 'usage', '--redis', $redis->url)->{stdout};

like($table, qr/^DAY +KEY +CALL_MINUTES +RELAYED_BYTES$/m, 'a table');
like($table, qr/^\d+-\d\d-\d\d +$key +\d+\.\d +0$/m, 'with the minutes');

is(scalar(() = run($command, 'usage', '--redis', $redis->url,
    '--key', $key)->{stdout} =~ /^\d+-\d\d-\d\d /mg), 1, 'of one key');
is(run($command, 'usage', '--redis', $redis->url, '--key', 'none',
    '--json')->{stdout}, qq({"usage":[]}\n), 'which may have none');

is(scalar @{ $redis->command('ZRANGE', 'otter:usage:{u}:calls', 0, -1) }, 0,
    'no call goes on');
ok($_->stop, 'it ends') for @reaper;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# In a Redis cluster rooms, their events and what is used are on different
# nodes: call minutes are counted all the same, to the millisecond, with
# otter-webhooks beside otter-reaper and without, and what dead hosts left is
# cleared.

use Otter::Cluster;
use Otter::Command qw(run);
use Otter::Companion;
use Otter::Events;
use Otter::Hosts;
use Otter::Paths qw($command);
use Otter::Receiver;
use Otter::Webhooks;
use Time::HiRes qw(sleep);

my $cluster = Otter::Cluster->start(masters => 3);
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url);
my $url     = $cluster->url;
my @conf    = ('otter-reaper', "redis = $url\ninterval = 1s\ngrace = 1s\n");
my @reaper  = map { Otter::Companion->start(@conf) } 1 .. 2;

ok(eventually(20, sub { $cluster->command('GET', 'otter:usage:{u}:reaper') }),
    'one of two reapers counts');

my $events = Otter::Events->listen($cluster);
my @rooms  = map { "room-$_" } 1 .. 6;
my %node   = map { $cluster->owner($cluster->slot_of("{$_}")) => 1 } @rooms;

is(keys %node, 3, 'there are rooms on each node');


# Two of one key and one of another meet in each room, at different hosts.

sub meet () {
    my @peers;

    for my $n (0 .. 2) {
        push @peers, map {
            Otter::Peer->enter($hosts, "peer-$n", room => $_, at => $n % 2,
                claims => { iss => $n == 2 ? 'app' : 'web' })
        } @rooms;
    }

    sleep 0.3;
    $_->leave for @peers;
}


# What the events say, in the plainest way.

my (%expected, %room);

sub expect_event ($event) {
    my $room = $room{ $event->{room} } //= { at => $event->{time} };
    my @keys = values %{ $room->{peers} };

    if (@keys >= 2) {
        $expected{$_} += $event->{time} - $room->{at} for @keys;
    }

    $room->{at} = $event->{time};

    my $id = ref $event->{peer} ? $event->{peer}{id} : '';

    $room->{peers}{$id} = $event->{key} if $event->{type} eq 'peer.joined';
    delete $room->{peers}{$id} if $event->{type} eq 'peer.left';
    delete $room{ $event->{room} } if $event->{type} eq 'room.closed';
}


# Until every room has closed again.

sub follow () {
    my $closed = 0;

    while ($closed < @rooms) {
        my $event = $events->next(30);

        expect_event($event);
        $closed++ if $event->{type} eq 'room.closed';
    }
}


sub counted () {
    my $shown = run($command, 'usage', '--redis', $url, '--json');

    return { map { $_->{key} // '' => sprintf '%.0f',
            $_->{call_minutes} * 60_000 }
        @{ from_json($shown->{stdout})->{usage} } };
}


sub is_counted ($name) {
    is_deeply([sort keys %expected], [qw(app web)], 'events tell the keys');
    ok(eventually(30, sub {
        my $counted = counted();

        return !grep { ($counted->{$_} // 0) != $expected{$_} }
            keys %expected;
    }), $name) or diag join ' ', %expected, 'but', %{ counted() };
}


meet();
follow();
is_counted('it is counted, with nobody else to fetch the events');

my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(redis => $cluster,
    conf      => { sweep => '1s' },
    endpoints => { hook => { url => $receiver->url('hook') } });

$webhooks->start;
$reaper[0]->kill;
meet();
$reaper[0]->launch;
follow();
is_counted('and with otter-webhooks, when one reaper is killed');
is(scalar $receiver->wait_for(hook => 8 * @rooms, 30), 8 * @rooms,
    'webhooks has all of its own');

# What nobody said aloud is found: it waits in the room.
$_->kill for @reaper;
$webhooks->stop($_) for keys %{ $webhooks->{pids} };
meet();
$reaper[0]->launch;
follow();
is_counted('and what came while none ran');

# As a dead host leaves a room: members and the room itself have ended.
my $now = time;
my $id  = 'a' x 20;

$cluster->command('HSET', 'otter:{lost}:e', opened => $now * 1000,
    n => $now * 1000 + 3, peers => 1, "p$id" => qq(web\t{"id":"$id"}));
ok(eventually(30, sub { !$cluster->command('EXISTS', 'otter:{lost}:e') }),
    'what a dead host left is cleared') or diag $reaper[0]->log;

my @lost;

ok(eventually(20, sub {
    push @lost, map { $_->{type} } grep { $_->{room} eq 'lost' }
        $events->pending;
    return @lost == 2;
}), 'and told') or diag "@lost";

is_deeply(\@lost, [qw(peer.left room.closed)], 'in order');
ok($reaper[0]->stop, 'it ends');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A receiver that fails 30 % of the time and is away for a while, a worker
# killed every few seconds: each event arrives at least once, in order per
# room, signed, and none is lost.
#
# The long form: OTTER_WEBHOOKS_EVENTS=10000, which takes the receiver away
# for a minute.

use Otter::Events qw(SHARDS);
use Otter::Hosts;
use Otter::Receiver;
use Otter::Webhooks qw(body_of is_signed);
use Time::HiRes qw(sleep time);

my $count = $ENV{OTTER_WEBHOOKS_EVENTS} // 400;
my $long  = $count >= 10000;
my $away  = $long ? 60 : 2;
my $every = $long ? 3 : 1.2;

my $hosts = Otter::Hosts->start(hosts => 1);
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $hosts->redis,
    conf      => { attempts => 100, retry_max => $long ? '2s' : '200ms' },
    endpoints => { hook => { url => $receiver->url('hook') } },
);
my $pid = $webhooks->start;
my ($made, $kills, $kill_at) = (0, 0, time + $every);
my ($gone_at, $back_at);

$receiver->answer(hook => 500, percent => 30);


# What happens meanwhile.

sub time_goes_by () {
    if (time > $kill_at) {
        $webhooks->stop($pid, 'KILL');
        $pid = $webhooks->run_worker;
        $kill_at = time + $every;
        $kills++;
    }

    if (!defined $gone_at && $made > $count / 3) {
        $receiver->go_away;
        $gone_at = time;
    }

    if (defined $gone_at && !defined $back_at && time > $gone_at + $away) {
        $receiver->come;
        $back_at = time;
    }
}


# Two peers come and go in each room: six events.

for (my $n = 0; $made < $count; $n++) {
    my $room = 'room-' . $n % 50;
    my @peers = map { Otter::Peer->enter($hosts, $_, room => $room) }
        qw(alice bob);

    $_->leave for @peers;
    $made += 6;
    time_goes_by();
}

my $seconds = $long ? 600 : 60;
my %expected = expected();
my $total = map { @$_ } values %expected;

cmp_ok($total, '>=', $count, "$total events");

eventually($seconds, sub {
    time_goes_by();
    sleep 0.1;
    return if !defined $back_at;

    my %there = map { $_->{id} => 1 }
        grep { $_->{status} == 204 } $receiver->requests('hook');

    return keys %there >= $total;
});

my @requests = $receiver->requests('hook');
my @taken = grep { $_->{status} == 204 } @requests;
my $failed = @requests - @taken;

note(sprintf '%d events, %d requests, %d failed, %d kills, away for %.1f s',
    $total, scalar @requests, $failed, $kills, $back_at - $gone_at);

cmp_ok($kills, '>', 1, 'the worker was killed');
cmp_ok($failed, '>', $total / 10, 'and the receiver failed');
is(scalar(grep { !is_signed($_) } @requests), 0,
    'every signature is valid');

my %taken = map { $_->{id} => 1 } @taken;
my @lost = grep { !$taken{$_} } map { @$_ } values %expected;

is("@lost", '', 'none is lost');
is_deeply([disorder()], [], 'none is sent before the one before it is taken');

$webhooks->stop($pid);


# Every event that there was, by room, as the streams have them.

sub expected () {
    my %events;

    for my $shard (0 .. SHARDS - 1) {
        my $list = $hosts->redis->command('XRANGE', "otter:{events:$shard}",
            '-', '+');

        for my $entry (@$list) {
            my %event = @{ $entry->[1] };

            push @{ $events{ $event{room} } }, "evt_${shard}_$entry->[0]";
        }
    }

    return %events;
}


sub disorder () {
    my (%place, %next, @wrong);

    for my $list (values %expected) {
        @place{@$list} = 0 .. $#$list;
    }

    for my $request (@requests) {
        my $room = body_of($request)->{data}{room}{room};
        my $place = $place{ $request->{id} };

        push @wrong, "$room: $request->{id}" if $place > ($next{$room} // 0);
        $next{$room}++ if $request->{status} == 204
            && $place == ($next{$room} // 0);
    }

    return @wrong;
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Every change of a room comes once into its stream, whichever host made it.

use Otter::Events;
use Otter::Hosts;

my $hosts = Otter::Hosts->start(
    server   => 'otter_resume_timeout 1s;',
    api_keys => [{ id => 'main' }],
);
my $redis = $hosts->redis;
my ($last, $opened);


# The next event: its type and what it must say.

sub is_next ($events, $type, $name, %expected) {
    my $event = $events->next;

    is($event->{type}, $type, $name);
    is($event->{room}, 'den', '... in that room');
    is($event->{$_}, $expected{$_}, "... $_") for sort keys %expected;
    cmp_ok(abs $event->{time} / 1000 - time, '<', 10, '... just now');

    if ($type eq 'room.opened') {
        ok(!defined $last || $event->{n} > $last, '... with a greater number');
        $opened = $event->{opened};
    } else {
        is($event->{n}, $last + 1, '... with the next number');
        is($event->{opened}, $opened, '... of the same opening');
    }

    $last = $event->{n};

    return $event;
}


my $unread = Otter::Peer->enter($hosts, 'nobody', room => 'cellar');
$unread->leave;

is($redis->command('EXISTS', map { "otter:{events:$_}" } 0 .. 15), 0,
    'nobody reads, nothing is kept');

my $events = Otter::Events->listen($redis);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0,
    claims => { iss => 'key-1' });

is_next($events, 'room.opened', 'the first peer opens the room', peers => 0,
    max => 8, locked => 0);
is_deeply(is_next($events, 'peer.joined', 'and is in it', peers => 1,
    key => 'key-1')->{peer}, $alice->welcome->{self}, '... as a PEER');

my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

is_deeply(is_next($events, 'peer.joined', 'a peer at another host',
    peers => 2)->{peer}, $bob->welcome->{self}, '... as a PEER');
$alice->expect('peer-joined');

$bob->send({ type => 'update', name => 'Bob II' });
$alice->expect('peer-updated');
is(is_next($events, 'peer.updated', 'a peer changed', peers => 2)->{peer}{name},
    'Bob II', '... to this');

$bob->drop;
$alice->expect('peer-away');
$bob->resume(at => 1);
$alice->expect('peer-back');
$alice->drop;
is(is_next($events, 'peer.left', 'away and back is none; time out is',
    peers => 1, key => 'key-1', reason => 'timeout')->{peer}{id}, $alice->id, '... of that one');

my $bob2 = Otter::Peer->enter($hosts, 'bob', at => 1);

my @two = sort map { $events->next->{type} } 1 .. 2;

is_deeply(\@two, ['peer.joined', 'peer.left'], 'replaced: one left, one came');
$last += 2;

$bob2->leave;
is_next($events, 'peer.left', 'the last one leaves', peers => 0,
    reason => 'left');
is_next($events, 'room.closed', 'the room closes', peers => 0,
    reason => 'empty');
is($redis->command('EXISTS', 'otter:{den}:e'), 0, 'nothing is left of it');

my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

is_next($events, 'room.opened', 'it opens anew');
is_next($events, 'peer.joined', 'with its first peer', peers => 1);

my $nginx = $hosts->nginx(1);

$nginx->http->delete('rooms/den', bearer => $nginx->api_key);
is_next($events, 'peer.left', 'the API closes it', peers => 0,
    reason => 'closed');
is_next($events, 'room.closed', '... and it is closed', reason => 'closed');

$nginx->http->post('rooms', { room => 'den', max_peers => 3 },
    bearer => $nginx->api_key);
is_next($events, 'room.opened', 'the API opens it', peers => 0, max => 3);

my $dave = Otter::Peer->enter($hosts, 'dave', at => 1);

is_next($events, 'peer.joined', 'a peer joins', peers => 1);
$dave->leave;
is_next($events, 'peer.left', 'and leaves it', peers => 0);
is_deeply([$events->pending], [], 'it stays open, and that is all');


done_testing;

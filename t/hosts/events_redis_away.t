use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While a host does not reach Redis its events are not told; afterwards what
# has changed is: who came and is still there, who is gone and why, what a
# peer and the room have become; also when Redis has forgotten the room
# meanwhile.  Who came and went in between is never told of.

use Otter::Events;
use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 1, cables => 1,
    api_keys => [{ id => 'main' }]);
my $redis = $hosts->redis;

my $events = Otter::Events->listen($redis);

for my $case ('short', 'long') {
    my %room   = (room => $case);
    my $mod    = Otter::Peer->enter($hosts, 'mod', %room,
        claims => { role => 'moderator' });
    my ($bob, $carol, $stays) = map {
        Otter::Peer->enter($hosts, $_, %room)
    } qw(bob carol stays);

    $mod->expect('peer-joined') for 1 .. 3;

    my $joined = 0;

    ok(eventually(10, sub {
        $joined += grep {
            $_->{room} eq $case && $_->{type} eq 'peer.joined'
        } $events->pending;
        return $joined == 4;
    }), "$case: four peers are told of");

    $hosts->cable(0)->cut;
    ok($hosts->heals(20, 'degraded'), 'Redis is out of reach');

    my $new = Otter::Peer->enter($hosts, 'new', %room);
    Otter::Peer->enter($hosts, 'passes', %room)->leave;

    $bob->leave;
    $mod->send({ type => 'kick', peer => $carol->id });
    is($carol->close_code, 4403, 'one is put out');
    $stays->send({ type => 'update', name => 'Changed' });
    $mod->send({ type => 'room', max_peers => 7 });
    $mod->pending;

    ok(eventually(60, sub {
        $redis->command('EXISTS', "otter:{$case}:m") == 0
    }), 'the room is forgotten') if $case eq 'long';

    $hosts->cable(0)->mend;
    ok($hosts->heals(30), 'Redis is back');

    my (%told, $last);

    ok(eventually(20, sub {
        for my $event ($events->pending) {
            next if $event->{room} ne $case;

            my $who = $event->{peer} ? " $event->{peer}{identity}" : '';
            my $why = $event->{reason} ? " $event->{reason}" : '';

            $told{"$event->{type}$who$why"}++;
            $last = $event;
        }

        return keys %told >= 5;
    }), 'events come');

    is_deeply(\%told, { map { $_ => 1 } 'peer.joined new',
        'peer.left bob left', 'peer.left carol kicked',
        'peer.updated stays', 'room.updated' }, 'what has changed, once')
        or diag(explain(\%told));
    is($last->{peers}, 3, 'of three peers in the end');
    is($last->{max}, 7, 'in a room of that size');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who leaves, or comes back, after the host of a peer that is away has died is
# not in that peer's stream: it gets a resync.  That of the peer itself is no
# change that it could have missed.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 3);

my %change = (
    none   => sub ($peer) { },
    left   => sub ($peer) { $peer->leave },
    away   => sub ($peer) { $peer->drop },
    update => sub ($peer) { $peer->send({ type => 'update', name => 'C' }) },
);
my (%alice, %bob, %carol);

for my $room (sort keys %change) {
    ($alice{$room}, $bob{$room}, $carol{$room}) = map {
        Otter::Peer->enter($hosts, $_->[0], at => $_->[1], room => $room)
    } [alice => 0], [bob => 1], [carol => 2];

    $alice{$room}->expect('peer-joined') for 1, 2;
    $bob{$room}->expect('peer-joined');
    $bob{$room}->send({ type => 'ack', seq => $bob{$room}->seq });
    $bob{$room}->signal($alice{$room}, 'acknowledged');
    $alice{$room}->expect('signal');
    $bob{$room}->drop;
    $_->expect('peer-away') for $alice{$room}, $carol{$room};
    $alice{$room}->signal($bob{$room}, 'missed');

    ok(eventually(20, sub {
        my $stream = "otter:{$room}:s:" . $bob{$room}->id;
        my ($last) = @{ $hosts->redis->command('XREVRANGE', $stream,
            qw(+ - COUNT 1)) } or return;
        my %field   = @{ $last->[1] };
        my $version = $hosts->redis->command('HGET', "otter:{$room}:r", 'v');

        return $field{n} == 1 && $field{s} =~ /^[\d ]+ $version\n/;
    }), "$room: the stream is there");
}

$hosts->kill(1);

for my $room (sort keys %change) {
    my $bob = $bob{$room};

    $change{$room}->($carol{$room});

    if ($room ne 'none') {
        like($alice{$room}->next->{type}, qr/^peer-/, "$room: the others hear");
    }

    $bob->resume(at => 0, seq => $bob->seq);
    is($bob->welcome->{resumed}, true, "$room: resumed");
    is($bob->next->{type}, $room eq 'none' ? 'signal' : 'resync',
        $room eq 'none' ? 'none: what was missed' : "$room: a resync");
    ok($bob->is_quiet, 'and no more');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The stream of a peer that is away has what otter_send_buffer allows, to the
# byte; with more it is of no use, and a resync says so.

use Otter::Hosts;

use constant LIMIT => 16384;

my $hosts = Otter::Hosts->start(workers => 2,
    server => 'otter_message_rate 100000; otter_send_buffer 16k;');

my %total = (under => LIMIT - 1, at => LIMIT, over => LIMIT + 1);
my (%alice, %bob, %carol, %seen, %sent);

# Fills the room's buffer with messages of 1000 bytes and a last one of what
# remains; a part of them comes from bob's own host.

sub fill ($room) {
    my $alice = $alice{$room};
    my $carol = $carol{$room} = Otter::Peer->enter($hosts, 'carol',
        at => 1, room => $room);

    $_->expect('peer-joined') for $alice, $bob{$room};
    $alice->signal($bob{$room}, '');

    my $none = $bob{$room}->expect('signal');
    my $size = length($bob{$room}->text) - length "{\"seq\":$none->{seq},";

    $bob{$room}->send({ type => 'ack', seq => $bob{$room}->seq });
    $bob{$room}->is_quiet;
    $bob{$room}->send({ type => 'ack', seq => $bob{$room}->seq });
    $bob{$room}->signal($alice, 'acknowledged');
    $alice->expect('signal');
    $bob{$room}->drop;
    $_->expect('peer-away') for $alice, $carol;

    my $rest = $total{$room};

    for my $from ($alice, $carol) {
        for (1 .. 8) {
            my $length = $from == $carol && $_ == 8 ? $rest : 1000;
            my $text   = 'x' x ($length - $size);

            $from->signal($bob{$room}, $text);
            $rest -= $length;
            push @{ $sent{$room} }, length $text;
        }

        $from->is_quiet;
    }
}

for my $room (sort keys %total) {
    $alice{$room} = Otter::Peer->enter($hosts, 'alice', at => 0,
        room => $room);
    $bob{$room} = Otter::Peer->enter($hosts, 'bob', at => 1, room => $room);
    $alice{$room}->expect('peer-joined');
    fill($room);

    my $stream = "otter:{$room}:s:" . $bob{$room}->id;
    my $length = $room eq 'over' ? 1 : 17;

    ok(eventually(20, sub {
        $hosts->redis->command('XLEN', $stream) == $length;
    }), "$room: the stream has " . ($length - 1) . ' messages')
        || diag($hosts->redis->command('XLEN', $stream));
    $seen{$room} = $bob{$room}->seq;
}

$hosts->kill(1);

for my $room (sort keys %total) {
    my $bob = $bob{$room};

    $bob->resume(at => 0, seq => $seen{$room});
    ok(exists $bob->welcome->{received}, "$room: the rest is known");

    if ($room eq 'over') {
        is($bob->next->{type}, 'resync', 'over: a resync');
    } else {
        my %times;

        $times{ length $bob->expect('signal')->{data} }++ for 1 .. 16;

        my %want;

        $want{$_}++ for @{ $sent{$room} };
        is_deeply(\%times, \%want, "$room: all of it");
    }

    ok($bob->is_quiet, "$room: and no more");
}


done_testing;

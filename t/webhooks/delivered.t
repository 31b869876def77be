use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What happens in rooms arrives at an endpoint, signed, in order.

use Otter::Hosts;
use Otter::Receiver;
use Otter::Webhooks qw(body_of is_signed);

my $hosts = Otter::Hosts->start(hosts => 1);
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $hosts->redis,
    endpoints => {
        all   => { url => $receiver->url('all') },
        left  => { url => $receiver->url('left'), events => 'peer.left' },
        lodge => { url => $receiver->url('lodge'), rooms => 'lodge*',
            events => 'room.*' },
    },
);
my $pid = $webhooks->start;

my $alice = Otter::Peer->enter($hosts, 'alice', room => 'lodge-1',
    claims => { name => "Alice \x{1f9a6}" });
$alice->leave;

my $bob = Otter::Peer->enter($hosts, 'bob', room => 'den');
$bob->leave;

my @all = $receiver->wait_for(all => 8);

ok(is_signed($_), 'signed') for @all;
is($_->{type}, 'application/json', 'JSON') for $all[0];

for my $case (['lodge-1', $alice], ['den', $bob]) {
    my ($room, $peer) = @$case;
    my @bodies = grep { $_->{data}{room}{room} eq $room } map { body_of($_) }
        @all;

    is_deeply([map { $_->{type} } @bodies],
        [qw(room.opened peer.joined peer.left room.closed)],
        "$room: all events, in order");
    is_deeply([map { $_->{data}{room}{status} } @bodies],
        [qw(open occupied open closed)], 'the room as it was then');

    my $first = $bodies[0]{data}{sequence};

    is_deeply([map { $_->{data}{sequence} - $first } @bodies], [0 .. 3],
        'counted');
    is_time($_->{timestamp}, time, 20, 'the time') for @bodies;
    has_members($bodies[0]{data}{room}, [qw(room status locked lobby
        relay_only max_peers created_at updated_at)], 'a ROOM');
    is_deeply($bodies[$_]{data}{peer}, $peer->welcome->{self},
        "a PEER in event $_") for 1, 2;
    is($bodies[2]{data}{key}, 'test', 'the API key of its token')
        if $room eq 'den';
    is($bodies[2]{data}{reason}, 'left', 'why it left');
    cmp_ok($bodies[2]{data}{duration}, '<', 10, 'how long it was there');
    is($bodies[3]{data}{reason}, 'empty', 'why the room closed');
}

is_deeply([map { body_of($_)->{type} } $receiver->wait_for(left => 2)],
    ['peer.left', 'peer.left'], 'a filter of events');
is_deeply([map { body_of($_)->{type} } $receiver->wait_for(lodge => 2)],
    ['room.opened', 'room.closed'], 'a pattern of rooms');

my @ids = map { $_->{id} } @all;

is(scalar keys %{ { map { $_ => 1 } @ids } }, 8, 'each has an id of its own');
unlike("@ids", qr/\./, 'without dots');
is($webhooks->stop($pid), 0, 'it ends when asked to');


done_testing;

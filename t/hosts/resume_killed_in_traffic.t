use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host dies while others talk to a peer of it that is away: what they sent
# is replayed to the last one, or there is a resync.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 5, workers => 2,
    server => 'otter_message_rate 100000;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

my $stream = 'otter:{den}:s:' . $bob->id;

for my $host (1 .. 4) {
    $bob->resume(at => $host) if $host > 1;
    $alice->signal($bob, 'are you there?');

    my $message = $bob->next;

    $message = $bob->next while $message->{type} ne 'signal';
    $bob->send({ type => 'ack', seq => $bob->seq });
    $bob->drop;

    $message = $alice->next(15);
    $message = $alice->next(15) until $message->{type} eq 'peer-away';

    # The first ones are in the stream, of the next ones it may have heard
    # some, and the last ones come when it is no more.

    my $sent = 0;

    $alice->signal($bob, ++$sent) for 1 .. 10;
    ok(eventually(20, sub {
        $hosts->redis->command('XLEN', $stream) == 11;
    }), "host $host: the first ones are in the stream");

    $alice->signal($bob, ++$sent) for 1 .. 50 * ($host - 1);
    $hosts->kill($host);

    if ($host < 4) {
        $alice->signal($bob, ++$sent) for 1 .. 5;
        $alice->signal('nobody', undef, ref => "fence $host");
        $message = $alice->next(15)
            while ($message->{ref} // '') ne "fence $host";
    }

    my $seen = $bob->seq;

    $bob->resume(at => 0, seq => $seen);
    is($bob->welcome->{seq}, $seen + 1, "host $host: resumed");

    my (@got, $resync);

    # What follows comes after all that was replayed.

    $alice->signal($bob, 'the end');

    while (my $next = $bob->next) {
        $resync = 1 if $next->{type} eq 'resync';

        next if $next->{type} ne 'signal';
        last if $next->{data} eq 'the end';
        push @got, $next->{data};
    }

    ok($resync || to_json(\@got) eq to_json([1 .. $sent]),
        'all was heard, or there was a resync') || diag("@got of $sent");
    note($resync ? 'a resync' : 'replayed');
    is(scalar(grep { $got[$_ - 1] >= $got[$_] } 1 .. $#got), 0,
        'nothing twice, and in order');

    # It goes on at the next host from here.

    $bob->drop;
}


done_testing;

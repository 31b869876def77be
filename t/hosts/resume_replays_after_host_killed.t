use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What was sent to a peer that is away outlives its host: the peer resumes at
# another one, where everything is replayed in order, with no resync.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);
my $dave  = Otter::Peer->enter($hosts, 'dave', at => 1);

$alice->expect('peer-joined') for 1 .. 3;
$bob->expect('peer-joined') for 1 .. 2;
$carol->expect('peer-joined');

my $stream = 'otter:{den}:s:' . $bob->id;

# Sent while bob was there, but not acknowledged.

$bob->send({ type => 'ack', seq => $bob->seq });
$bob->signal($alice, 'acknowledged');
is($alice->expect('signal')->{data}, 'acknowledged', 'bob has all until now');
$alice->signal($bob, "unread $_") for 1 .. 3;
$bob->signal($alice, 'the last one');
is($alice->expect('signal')->{data}, 'the last one', 'bob is heard');
is($hosts->redis->command('EXISTS', $stream), 0,
    'who is there has no stream');

my $seen = $bob->seq;

$bob->drop;
is($_->expect('peer-away')->{peer}, $bob->id, 'bob is away')
    for $alice, $carol, $dave;

# From other hosts and from his own, to him and to all, to others.

my %sent = map { $_->identity => [] } $alice, $carol, $dave;

$sent{alice} = [map { "unread $_" } 1 .. 3];

for my $round (1 .. 40) {
    for my $peer ($alice, $carol, $dave) {
        my $text = "$round of " . $peer->identity;

        if ($round % 4 == 0) {
            $peer->message($text);
        } else {
            $peer->signal($bob, $text);
            $peer->signal($peer == $alice ? $carol : $alice, 'for another');
        }

        push @{ $sent{ $peer->identity } }, $text;
    }
}

ok(eventually(20, sub {
    $hosts->redis->command('XLEN', $stream) == 3 + 3 * 40 + 1;
}), 'all of it is in the stream')
    || diag($hosts->redis->command('XLEN', $stream));


# How much each of them has sent beyond its host, also to others.

ok(eventually(20, sub {
    my ($last) = @{ $hosts->redis->command('XREVRANGE', $stream,
        qw(+ - COUNT 1)) };
    my %field = @{ $last->[1] };

    return !grep { index($field{s}, "\n$_\n") < 0 }
        73 . ' ' . $alice->id, map { 40 . ' ' . $_->id } $carol, $dave;
}), 'and that nothing is missing there');

my $ttl = $hosts->redis->command('TTL', $stream);

ok($ttl > 0 && $ttl <= 35, 'which ends by itself');

$hosts->kill(1);

# What was published for him meanwhile is held by the hosts that hear it.

for my $n (1 .. 5) {
    $alice->signal($bob, "to a dead host $n");
    $alice->message("to all $n");
    push @{ $sent{alice} }, "to a dead host $n", "to all $n";
}

$alice->signal('nobody', undef, ref => 'fence');

my $answer = $alice->next;

$answer = $alice->next while ($answer->{ref} // '') ne 'fence';

$bob->resume(at => 0, seq => $seen);

is($bob->welcome->{resumed}, true, 'resumed at the other host');
is($bob->welcome->{seq}, $seen + 1, 'the next seq');
is($bob->welcome->{received}, 3, 'what the server had taken');

my %got = map { $_->id => [] } $alice, $carol, $dave;

for (1 .. 3 + 3 * 40 + 10) {
    my $message = $bob->next;

    like($message->{type}, qr/^(?:signal|message)$/, 'no resync') || last;
    push @{ $got{ $message->{from} } }, $message->{data};
}

is_deeply($got{ $_->id }, $sent{ $_->identity },
    'all that ' . $_->identity . ' sent, in order') for $alice, $carol, $dave;
ok($bob->is_quiet, 'and nothing twice');
is($hosts->redis->command('EXISTS', $stream), 0, 'the stream is no more');

# Nothing of what he says is taken for lost.

$alice->pending;
$bob->signal($alice, 'back');

my $next = $alice->next;

$next = $alice->next while $next->{type} eq 'peer-back';

is($next->{data}, 'back', 'he is heard, with no resync');
$alice->signal($bob, 'again');
is($bob->expect('signal')->{data}, 'again', 'and hears');


done_testing;

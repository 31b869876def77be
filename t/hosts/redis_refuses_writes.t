use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A Redis that publishes but takes nothing in, as one that misses its replicas
# or its memory, is as good as away: health says so, peers of a host go on.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $redis = $hosts->redis;

my ($alice, $bob) = map { Otter::Peer->enter($hosts, "p$_", at => 0) } 0, 1;

$alice->expect('peer-joined');

$redis->command(qw(CONFIG SET min-replicas-to-write 1));
ok($hosts->heals(15, 'degraded'), 'health says degraded');

$alice->signal($bob, 'still');
is($bob->expect('signal')->{data}, 'still', 'peers of one host go on');

my $carol = Otter::Peer->enter($hosts, 'p2', at => 0);

is($alice->expect('peer-joined')->{peer}{id}, $carol->id, 'who joins, too');

$redis->command(qw(CONFIG SET min-replicas-to-write 0));
ok($hosts->heals(15), 'it takes writes again: health says ok');

my $dave = Otter::Peer->enter($hosts, 'p3', at => 1);
my %seen;

$seen{ $_->{id} } = 1 for @{ $dave->welcome->{peers} };

while (keys %seen < 3) {
    my $message = $dave->next(15);

    $seen{ $message->{peer}{id} } = 1 if $message->{type} eq 'peer-joined';
    $seen{ $_->{id} } = 1 for @{ $message->{peers} // [] };
}

is_deeply(\%seen, { map { $_->id => 1 } $alice, $bob, $carol },
    'and all hosts know of all');


done_testing;

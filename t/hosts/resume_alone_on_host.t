use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What the peers of other hosts send to the only peer of a host, while its
# socket is away, is replayed as well: by the same host, or by another.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

for my $at (1, 1, 0, 0, 1) {
    $bob->drop;
    $alice->expect('peer-away');
    $alice->signal($bob, "to bob $_") for 1 .. 3;
    $alice->message('to all');
    ok($alice->is_quiet, 'who is away can be sent to');

    $bob->resume(at => $at);
    is($hosts->host_of($bob->ws->socket), $at, "back at host $at");

    my @missed = map { $bob->next->{data} } 1 .. 4;

    is_deeply(\@missed, ['to bob 1', 'to bob 2', 'to bob 3', 'to all'],
        'everything is replayed');
    ok($bob->is_quiet, 'and no more');
    $alice->expect('peer-back');
}


done_testing;

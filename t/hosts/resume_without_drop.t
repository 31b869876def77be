use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A resume at another host, while the old socket still seems open, takes the
# session over.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);

$alice->expect('peer-joined');

for my $round (1 .. 8) {
    my $old = $bob->ws;

    $alice->signal($bob, "in flight $round");
    $bob->resume(at => $round % 2);
    is($bob->welcome->{resumed}, true, 'resumed');
    is($bob->expect('signal')->{data}, "in flight $round", 'nothing is lost');
    ok($bob->is_quiet, 'or doubled');
    like($old->close_code, qr/^(?:4409|1006|1000|1001)$/,
        'the old socket is closed');
    $bob->signal($alice, "after $round");

    my $next = $alice->next;

    $next = $alice->next while $next->{type} =~ /^peer-(?:away|back)$/;

    is($next->{data}, "after $round", 'it is heard, and never left');
}


done_testing;

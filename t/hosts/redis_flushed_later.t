use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# FLUSHALL when all hosts have been with Redis for long: nobody hears that
# anybody has left, in whatever order the hosts tell Redis of their members.

use Otter::Hosts;
use Time::HiRes qw(sleep);

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $key   = 'otter:{den}:m';

$alice->expect('peer-joined');

# As long as the lease of a host, and more.
sleep 7.5;

for my $round (1 .. 4) {
    $hosts->redis->command('FLUSHALL');
    ok(eventually(10, sub { $hosts->redis->command('HLEN', $key) == 2 }),
        "round $round: both are there again");

    # Each host looks at the room once in a second.
    sleep 1.5;
    ok($_->is_quiet, $_->identity . ' hears nothing') for $alice, $bob;
}

# Who is really gone is announced.
$hosts->kill(1);

my $message = $alice->next(patience(20));

is("$message->{type} $message->{peer}", 'peer-left ' . $bob->id,
    'who is gone is gone');


done_testing;

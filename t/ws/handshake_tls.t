use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The socket works under TLS.

my $nginx = Otter::Nginx->start(tls => 1);
my $alice = Otter::Peer->enter($nginx, 'alice', tls => 1);
my $bob   = Otter::Peer->enter($nginx, 'bob');

is($alice->expect('peer-joined')->{peer}{identity}, 'bob', 'told under TLS');

my $long = 'x' x 60_000;

$alice->signal($bob, $long);
is($bob->expect('signal')->{data}, $long, 'a long signal from TLS');
$bob->signal($alice, $long);
is($alice->expect('signal')->{data}, $long, 'and back');

$bob->message($_) for 1 .. 50;
is($alice->expect('message')->{data}, $_, "message $_") for 1 .. 50;

is($alice->leave, 1000, 'closed');


done_testing;

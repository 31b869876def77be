use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A session whose socket dropped goes on with its secret: every missed message
# is replayed in order.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $first = $bob->welcome;
my $seen  = $bob->seq;

$bob->drop;
is($alice->expect('peer-away')->{peer}, $bob->id, 'others hear it is away');

$alice->signal($bob, $_) for 1 .. 3;
$alice->message('to all');

my $carol = Otter::Peer->enter($nginx, 'carol');

$alice->expect('peer-joined');
ok($alice->is_quiet, 'an away peer can be sent to');

$bob->resume;

my $welcome = $bob->welcome;

is($welcome->{resumed}, true, 'a welcome says resumed');
is($welcome->{seq}, $seen + 1, 'and takes the next seq');
is($welcome->{session}, $first->{session}, 'of the same session');
is_deeply($welcome->{self}, $first->{self}, 'the same peer');
isnt($welcome->{resume}, $first->{resume}, 'with a new secret');

is($bob->expect('signal')->{data}, $_, "signal $_ is replayed") for 1 .. 3;
is($bob->expect('message')->{data}, 'to all', 'then the message');
is($bob->expect('peer-joined')->{peer}{identity}, 'carol', 'then the news');
ok($bob->is_quiet, 'and nothing else');

is($alice->expect('peer-back')->{peer}, $bob->id, 'others hear it is back');
is($carol->expect('peer-back')->{peer}, $bob->id, 'all of them');

$bob->signal($alice, 'on');
is($alice->expect('signal')->{from}, $bob->id, 'it goes on as the same');


done_testing;

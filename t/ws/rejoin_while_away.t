use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who joins anew, without resuming, replaces the session that is held.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$bob->drop;
$alice->expect('peer-away');

my $anew = Otter::Peer->enter($nginx, 'bob');

is($anew->welcome->{resumed}, false, 'a new session');
isnt($anew->id, $bob->id, 'of a new peer');

my $left = $alice->expect('peer-left');

is($left->{peer}, $bob->id, 'the old one leaves');
is($left->{reason}, 'replaced', 'replaced');
is($alice->expect('peer-joined')->{peer}{id}, $anew->id, 'by the new one');
is($bob->try_resume->status, 401, 'the old session is over');


done_testing;

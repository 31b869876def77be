use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# No signal or message crosses from one room to another.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));
my $erin = Otter::Peer->enter($nginx, 'erin', room => 'lodge');

$erin->signal($alice, 'from outside', ref => 1);

my $error = $erin->expect('error');

is($error->{code}, 'no-such-peer', 'a peer of another room is not there');
is($error->{ref}, 1, 'and the ref is returned');

$erin->message('to my room');
$erin->send({ type => 'message', data => 1, room => 'den' });
$erin->send({ type => 'signal', to => $alice->id, data => 1, room => 'den' });
is($erin->expect('error')->{code}, 'no-such-peer', 'a room can not be named');

ok($_->is_quiet, $_->identity . ' heard nothing') for $alice, $bob;


done_testing;

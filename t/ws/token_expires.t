use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A socket does not outlive its token: 4401.

use Time::HiRes qw(time);

my $nginx = Otter::Nginx->start;
my $bob   = Otter::Peer->enter($nginx, 'bob');
my $until = int(time) + 2;
my $alice = Otter::Peer->enter($nginx, 'alice', claims => { exp => $until });

$bob->expect('peer-joined');
$alice->message('in time');
is($bob->expect('message')->{data}, 'in time', 'heard while it is valid');

is($alice->close_code(6), 4401, 'closed with 4401');
cmp_ok(time, '>=', $until - 0.1, 'not before it ends');
cmp_ok(time, '<', $until + patience(2), 'nor long after');

my $left = $bob->expect('peer-left');

is($left->{peer}, $alice->id, 'others hear that it left');
is($left->{reason}, 'expired', 'as its token did');
is($alice->try_resume->status, 401, 'it can not come back with it');


done_testing;

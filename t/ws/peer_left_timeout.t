use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A peer whose socket dropped is away, and after otter_resume_timeout gone.

use Time::HiRes qw(time);

my $nginx = Otter::Nginx->start(server => 'otter_resume_timeout 1s;');
my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

my $start = time;

$bob->drop;
is($alice->expect('peer-away')->{peer}, $bob->id, 'away at once');

my $left = $alice->expect('peer-left', 4);

is($left->{peer}, $bob->id, 'then left');
is($left->{reason}, 'timeout', 'for the reason timeout');
cmp_ok(time - $start, '>', 0.5, 'not before its time');
cmp_ok(time - $start, '<', patience(3), 'nor long after');

$carol->expect('peer-away');
$carol->expect('peer-left');

is($bob->try_resume->status, 401, 'the session is over');
ok($alice->is_quiet, 'and nobody hears of the try');


done_testing;

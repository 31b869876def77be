use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who left can not come back by resume; nor who was closed for good.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$bob->leave;
$alice->expect('peer-left');
is_problem($bob->try_resume->response, '401 resume-invalid', 'after leave');
ok($alice->is_quiet, 'which nobody hears of');


done_testing;

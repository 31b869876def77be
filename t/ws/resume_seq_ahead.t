use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A seq that was never sent does not lead to a silent hole.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$bob->drop;
$alice->expect('peer-away');

my $ws = $bob->try_resume(seq => $bob->seq + 1000);

if ($ws->status == 101) {
    is(from_json($ws->next_message)->{type}, 'welcome', 'welcome');
    is(from_json($ws->next_message)->{type}, 'resync', 'then a resync');

} else {
    like($ws->status, qr/^40[01]$/, 'refused');
}


done_testing;

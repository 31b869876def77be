use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An ack is taken without an answer, whatever it acknowledges.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->send({ type => 'ack', seq => $_ })
    for 0, 1, 2, 2, 1, 1000, 9_007_199_254_740_992;
ok($alice->is_quiet, 'no answer');

$bob->message('next');
is($alice->expect('message')->{data}, 'next', 'and no harm');


done_testing;

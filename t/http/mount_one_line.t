use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# One line in a server block is enough: a key is made up at each start, and
# said so.

my $nginx = Otter::Nginx->start(keys => []);

is($nginx->http->get('health')->status, 200, 'Otter answers');
is_problem($nginx->http->get('session'), '401 auth-required',
    'and lets nobody in');
like($nginx->error_log, qr/\[notice\].*otter.*key/i, 'a notice is logged');


done_testing;

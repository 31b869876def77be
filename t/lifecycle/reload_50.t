use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# After fifty reloads under load no old worker stays, and nothing has grown.

use Otter::Reloads qw(reload_under_load);

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    mount  => 'otter_signaling on; location = /status { otter_status; }',
    server => 'otter_message_rate 1000;');

reload_under_load($nginx);


done_testing;

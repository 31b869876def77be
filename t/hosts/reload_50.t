use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# With Redis as well fifty reloads under load leave nothing behind, in the
# zone or there.

use Otter::Redis;
use Otter::Reloads qw(reload_under_load);

my $redis = Otter::Redis->start;
my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    http   => 'otter_redis ' . $redis->url . ';',
    mount  => 'otter_signaling on; location = /status { otter_status; }',
    server => 'otter_message_rate 1000;');

eventually(10, sub { $nginx->http->get('health')->json->{status} eq 'ok' });

reload_under_load($nginx,
    'keys in Redis' => sub { $redis->command('DBSIZE') });


done_testing;

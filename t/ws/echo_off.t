use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without otter_echo on there is no such socket.

my $nginx = Otter::Nginx->start;

is($nginx->websocket(path => '/otter/echo', token => mint($nginx->key))
    ->status, 404, 'not found');


done_testing;

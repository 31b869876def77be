use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Guests are off by default, and with otter_guests off.

for my $server ('', 'otter_guests off;') {
    my $nginx = Otter::Nginx->start(server => $server);

    is_problem($nginx->http->post('token', { room => 'den' }),
        '401 auth-required', $server || 'by default');
}


done_testing;

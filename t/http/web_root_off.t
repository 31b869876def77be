use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_web_root off serves the API alone.

my $nginx = Otter::Nginx->start(server => 'otter_web_root off;');

is_problem($nginx->http->get($_), '404 not-found', "/otter/$_")
    for '', 'room/den', 'assets/x.js', 'sdk/otter.js';
is($nginx->http->get('health')->status, 200, 'the API is there');


done_testing;

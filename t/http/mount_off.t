use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without otter_signaling on, the module changes nothing.

my $nginx = Otter::Nginx->start(
    mount  => '',
    server => 'location / { return 200 "site"; }',
);

is($nginx->http->get($_)->body, 'site', $_) for qw(health ws), '';


done_testing;

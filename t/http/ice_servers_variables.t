use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_turn_uri takes variables.

my $nginx = Otter::Nginx->start(
    turn_secrets => ['north'],
    http         => 'map $http_x_site $site { default a; b b; }',
    server       => 'otter_turn_uri turn:$site.example:3478
                         turn:$host:3479;',
);

for my $site (qw(a b)) {
    my $body = $nginx->http->get('ice-servers', bearer => mint($nginx->key),
        headers => ['X-Site' => $site], host => 'call.example')->body;

    like($body, qr/"turn:$site\.example:3478"/, "site $site");
    like($body, qr/"turn:call\.example:3479"/, 'a variable of nginx');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET health needs no authorization.

my $nginx    = Otter::Nginx->start(workers => 2);
my $response = $nginx->http->get('health');

is($response->status, 200, 'status 200');
is($response->content_type, 'application/json', 'JSON');
is($response->json->{status}, 'ok', 'ok');
ok(exists $response->json->{bus}, 'the bus is told');
like($response->header('Cache-Control') // '', qr/no-(?:store|cache)/,
    'not cached');


done_testing;

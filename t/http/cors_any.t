use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_allowed_origins * lets the pages of any origin call.

my $nginx = Otter::Nginx->start(server => 'otter_allowed_origins *;');

like($nginx->http->get('health', headers => [Origin => 'https://a.example'])
    ->header('Access-Control-Allow-Origin') // '',
    qr{^(?:\*|https://a\.example)$}, 'any origin');


done_testing;

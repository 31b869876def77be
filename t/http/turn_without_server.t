use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without otter_turn_uri there is nothing to give, and nothing breaks.

my $nginx  = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $answer = $nginx->http->get('ice-servers', bearer => $nginx->api_key);

is($answer->status, 200, 'ice-servers answers');
is_deeply($answer->json->{ice_servers}, [], 'with no server');
is_deeply([$answer->headers('Link')], [], 'and no link');


done_testing;

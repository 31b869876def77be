use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# POST rooms without a name makes one up that nobody guesses.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my %as    = (bearer => $nginx->api_key);

my @answers = map { $nginx->http->post('rooms', {}, %as) } 1 .. 2;
my ($one, $two) = map { $_->json->{room} } @answers;

is($_->status, 201, 'created') for @answers;
like($one, qr/^[A-Za-z0-9._~-]{8,128}$/, 'a valid name');
isnt($one, $two, 'another one each time');
is($nginx->http->get("rooms/$one", %as)->json->{max_peers}, 8,
    'with the default size');


done_testing;

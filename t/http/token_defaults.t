use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A token asked for with nothing but a room gets the rest by default.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;

my ($one, $two) = map {
    $http->post('token', { room => 'den' }, bearer => $nginx->api_key)->json
} 1 .. 2;

like($one->{identity}, qr/^\S+$/, 'an identity is made up');
isnt($one->{identity}, $two->{identity}, 'another one each time');

my $claims = claims_of($one->{token});

is($claims->{sub}, $one->{identity}, 'and is the sub of the token');
is($claims->{role} // 'participant', 'participant', 'an ordinary participant');
isnt($claims->{jti}, claims_of($two->{token})->{jti}, 'jti is unique');
is_deeply($one->{ice_servers}, [], 'no ICE servers without otter_turn_uri');


done_testing;

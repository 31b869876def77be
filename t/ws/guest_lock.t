use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A guest does not pass a lock by the name of a guest who is inside; the one
# inside may come again with the token that it has.

use Otter::Hosts;

my %option = (workers => 2, server => 'otter_guests on;',
    api_keys => [{ id => 'main' }]);
my $one    = Otter::Nginx->start(%option, listen => 'reuseport');
my $hosts  = Otter::Hosts->start(%option);

for my $on (['one host', $one], ['by Redis', $hosts->nginx(0)]) {
    my ($name, $nginx) = @$on;
    my $http  = $nginx->http;
    my $token = sub {
        return $http->post('token', { room => 'den', identity => 'zoe' })
            ->json->{token};
    };
    my ($mine, $other) = ($token->(), $token->());
    my $zoe = Otter::Peer->enter($nginx, 'zoe', token => $mine);

    is($http->request(PATCH => 'rooms/den', json => { locked => true },
        bearer => $nginx->api_key)->status, 200, "$name: locked");
    $zoe->expect('room-updated');

    is(Otter::Peer->knock($nginx, 'zoe', token => $other)->ws->status, 409,
        "$name: another guest of that name is refused");
    ok($zoe->is_quiet, 'the one inside hears nothing of it');

    my $again = Otter::Peer->enter($nginx, 'zoe', token => $mine);

    is($zoe->expect('bye')->{reason}, 'replaced',
        "$name: with its own token it takes its own place");
    is($again->welcome->{room}{locked}, true, 'in the locked room');
}


done_testing;

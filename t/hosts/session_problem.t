use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# "GET session" tells what a WebSocket with the same token would meet, also at
# a host that does not hold the room: a lock, a full room, a taken identity.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2, api_keys => [{ id => 'main' }],
    server => 'otter_guests on;');
my @http = map { $hosts->nginx($_)->http } 0, 1;
my $key  = $hosts->nginx(0)->api_key('main');

sub knocks ($token, $at) {
    my $peer   = Otter::Peer->knock($hosts, 'eve', at => $at, token => $token);
    my $status = $peer->ws->status;

    $peer->drop if $status == 101;

    return $status;
}

sub meets ($name, $token, $code) {
    my ($status) = $code =~ /^(\d+)/;

    for my $at (0, 1) {
        my $answer = $http[$at]->get('session', bearer => $token);

        is_problem($answer, $code, "$name: session at host $at");
        is(knocks($token, $at), $status, "$name: the WebSocket");
    }
}

sub token ($room, %claims) {
    return mint($hosts->key, sub => 'eve', room => $room, %claims);
}

$http[0]->post('rooms', { room => 'locked', locked => \1 }, bearer => $key);
meets('locked', token('locked'), '403 room-locked');

for my $at (0, 1) {
    is($http[$at]->get('session', bearer => token('locked',
        role => 'moderator'))->status, 200, "host $at: not for a moderator");
    is($http[$at]->get('session', bearer => token('none'))->status, 200,
        "host $at: nor in a room that is nowhere");
}

$http[0]->post('rooms', { room => 'full', max_peers => 1 }, bearer => $key);

my $one = Otter::Peer->enter($hosts, 'one', at => 0, room => 'full');

meets('full', token('full'), '409 room-full');
is($http[1]->get('session', bearer => $one->token)->status, 200,
    'who is in there has its place');

my $real  = Otter::Peer->enter($hosts, 'eve', at => 0, room => 'taken');
my $guest = $http[1]->post('token', { room => 'taken', identity => 'eve' })
    ->json->{token};

meets('identity', $guest, '409 identity-taken');

# What was looked at is not kept: the next request sees the change.

is($http[0]->request('PATCH', 'rooms/locked', json => { locked => \0 },
    bearer => $key)->status, 200, 'unlocked');

ok(eventually(10, sub {
    $http[1]->get('session', bearer => token('locked'))->status == 200
}), 'and it is seen');

$_->leave for $one, $real;


done_testing;

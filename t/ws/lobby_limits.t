use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# As many may wait as may be inside; locks and full rooms come before that;
# moderators pass.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;

$http->post('rooms', { room => 'den', lobby => true, max_peers => 3 },
    bearer => $key);

my $mod     = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator' });
my @waiting = map { Otter::Peer->wait($nginx, "bob-$_") } 1 .. 3;
my $fourth  = Otter::Peer->knock($nginx, 'bob-4');

is_problem($fourth->ws->response, '409 room-full', 'a fourth may not wait');
is_problem($http->get('session', bearer => $fourth->token), '409 room-full',
    'as GET session says');
is($http->get('session', bearer => mint($nginx->key, sub => 'bob-1'))->status,
    200, 'one who waits already may come again');

my $again = Otter::Peer->wait($nginx, 'bob-1');

is($waiting[0]->close_code, 4409, 'and is replaced');
$mod->expect('knock') for @waiting;
is($mod->expect('peer-left')->{reason}, 'replaced', 'the moderator hears');
is($mod->expect('knock')->{peer}{id}, $again->id, 'of both');

my $other = Otter::Peer->enter($nginx, 'other',
    claims => { role => 'moderator' });

is($mod->expect('peer-joined')->{peer}{id}, $other->id, 'a moderator passes');

$http->request(PATCH => 'rooms/den', json => { locked => true },
    bearer => $key);
is_problem(Otter::Peer->knock($nginx, 'bob-5')->ws->response,
    '403 room-locked', 'a locked room has no lobby');
$http->request(PATCH => 'rooms/den', json => { locked => false,
    max_peers => 2 }, bearer => $key);
is_problem(Otter::Peer->knock($nginx, 'bob-5')->ws->response,
    '409 room-full', 'nor has a full one');

is($http->get('rooms/den', bearer => $key)->json->{status}, 'full',
    'those who wait do not count');
is($http->delete('rooms/den', bearer => $key)->status, 204, 'closed');
is($_->close_code, 4404, $_->identity . ' is told')
    for $again, @waiting[1, 2], $mod, $other;

# A room of which only those who wait are left goes with them.

Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' })
    ->send({ type => 'room', lobby => true })->leave;


done_testing;

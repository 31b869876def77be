use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without Redis a host puts out its own peers alone, and the others learn of
# it when Redis is back.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);
my $mod   = Otter::Peer->enter($hosts, 'mod', at => 0,
    claims => { role => 'moderator' });
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);

$mod->expect('peer-joined');
$hosts->redis->stop;
ok($hosts->heals(10, 'degraded'), 'Redis is away');

$mod->send({ type => 'kick', peer => $bob->id });
is($bob->close_code, 4403, 'kicked');
is($mod->expect('peer-left')->{reason}, 'kicked', 'told');
is(Otter::Peer->knock($hosts, 'bob', at => 0, token => $bob->token)
    ->ws->status, 401, 'refused here');

$mod->send({ type => 'room', locked => true });
is($mod->expect('room-updated')->{room}{locked}, true, 'and locked');

$hosts->redis->start_again;
ok($hosts->heals(20), 'Redis is back');

ok(eventually(5, sub {
    $hosts->nginx(1)->http->get('session', bearer => $bob->token)
        ->status == 401;
}), 'refused at the other host');
ok(eventually(5, sub {
    my $try = Otter::Peer->knock($hosts, 'carol', at => 1)->ws;
    my $status = $try->status;
    $try->drop;
    $status == 403;
}), 'which has the room locked');


done_testing;

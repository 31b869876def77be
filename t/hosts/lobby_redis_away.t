use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without Redis a host keeps its lobby, and what it decided stands when Redis
# is back, empty.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);
my $mod   = Otter::Peer->enter($hosts, 'mod', at => 0,
    claims => { role => 'moderator' });

$mod->send({ type => 'room', lobby => true });
$mod->expect('room-updated');

my $bob   = Otter::Peer->wait($hosts, 'bob', at => 0);
my $carol = Otter::Peer->wait($hosts, 'carol', at => 0);

$mod->expect('knock') for 1, 2;

$hosts->redis->stop;
ok($hosts->heals(10, 'degraded'), 'Redis is away');

my $dave = Otter::Peer->wait($hosts, 'dave', at => 0);

is($mod->expect('knock')->{peer}{id}, $dave->id, 'the lobby is still there');
$mod->send({ type => 'admit', peer => $bob->id });
$bob->is_let_in;
is($mod->expect('peer-joined')->{peer}{id}, $bob->id, 'one is let in');

$hosts->redis->start_again;
ok($hosts->heals(20), 'Redis is back, and empty');

my $late;

ok(eventually(10, sub {
    $late = Otter::Peer->knock($hosts, 'erin', at => 1);
    my $first = $late->next;
    $late->{lobby} = $first;
    return 1 if $first->{type} eq 'lobby';
    $late->leave;
    return 0;
}), 'the other host has the lobby too');

my %knock;

while (!$knock{ $late->id }) {
    my $message = $mod->next;
    $knock{ $message->{peer}{id} } = 1 if $message->{type} eq 'knock';
}

pass('and the moderator hears of it');
$mod->send({ type => 'admit', peer => $_->id }) for $late, $carol;
$_->is_let_in for $carol, $late;
is((scalar grep { $_->{identity} eq 'bob' } @{ $late->welcome->{peers} }), 1,
    'bob is inside for all');
$dave->message('x');
is($dave->expect('error')->{code}, 'forbidden', 'dave still waits');


done_testing;

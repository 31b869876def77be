use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A moderator sends away who waits: closed with 4403.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my @mods = map {
    Otter::Peer->enter($nginx, "mod-$_", claims => { role => 'moderator' })
} 0, 1;

$mods[0]->expect('peer-joined');

my $bob = Otter::Peer->wait($nginx, 'bob');

$_->expect('knock') for @mods;
$mods[0]->send({ type => 'deny', peer => $bob->id });

is($bob->close_code, 4403, 'closed with 4403');
is(($bob->last_messages)[-1]{type}, 'bye', 'after a bye');
is(($bob->last_messages)[-1]{reason}, 'denied', 'that says why');

for my $mod (@mods) {
    is($mod->expect('peer-left')->{peer}, $bob->id,
        $mod->identity . ' hears that it waits no more');
}

is($bob->try_resume->status, 401, 'there is nothing to resume');

$mods[1]->send({ type => $_, peer => $bob->id })
    && is($mods[1]->expect('error')->{code}, 'no-such-peer', "$_: too late")
    for qw(admit deny kick);

# One who waits can be put out as well, and then its token is of no use.

my $carol = Otter::Peer->wait($nginx, 'carol');

$_->expect('knock') for @mods;
$mods[1]->send({ type => 'kick', peer => $carol->id });
is($carol->close_code, 4403, 'kicked');
is(Otter::Peer->knock($nginx, 'carol', token => $carol->token)->ws->status,
    401, 'for good');
$_->expect('peer-left') for @mods;
ok($_->is_quiet, $_->identity . ' hears nothing else') for @mods;


done_testing;

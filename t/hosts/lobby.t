use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A lobby is the same at every host: who waits at one is let in, sent away and
# put out by a moderator at another.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2, api_keys => [{ id => 'main' }]);
my $nginx = $hosts->nginx(0);

my $mod = Otter::Peer->enter($hosts, 'mod', at => 0,
    claims => { role => 'moderator' });

$mod->send({ type => 'room', lobby => true });
$mod->expect('room-updated');

for my $at (1, 0, 1) {
    my $bob = Otter::Peer->wait($hosts, 'bob', at => $at);

    ok(!exists $bob->lobby->{peers}, "host $at: it waits");
    is($mod->expect('knock')->{peer}{id}, $bob->id, 'the moderator hears');

    $bob->signal($mod, 1);
    is($bob->expect('error')->{code}, 'forbidden', 'it reaches nobody');
    $mod->signal($bob, 1);
    is($mod->expect('error')->{code}, 'no-such-peer', 'nor is it reached');
    $mod->message('secret');

    $mod->send({ type => 'admit', peer => $bob->id });
    $bob->is_let_in;
    is_deeply([map { $_->{identity} } @{ $bob->welcome->{peers} }], ['mod'],
        'it is let in');
    is($mod->expect('peer-joined')->{peer}{id}, $bob->id, 'as told');
    $mod->signal($bob, 2);
    is($bob->expect('signal')->{data}, 2, 'and reached');
    $bob->message('here');
    is($mod->expect('message')->{data}, 'here', 'and reaches others');
    $bob->leave;
    is($mod->expect('peer-left')->{peer}, $bob->id, 'it leaves');
}

my $carol = Otter::Peer->wait($hosts, 'carol', at => 1);

$mod->expect('knock');
$mod->send({ type => 'deny', peer => $carol->id });
is($carol->close_code, 4403, 'one is sent away');
is(($carol->last_messages)[-1]{reason}, 'denied', 'and told so');
is($mod->expect('peer-left')->{reason}, 'kicked', 'the moderator hears it');

# A session that waits moves to another host, and waits there.

my $dave = Otter::Peer->wait($hosts, 'dave', at => 1);

$mod->expect('knock');
$dave->drop;
$dave->waits($dave->try_resume(at => 0));
is($dave->lobby->{resumed}, true, 'resumed at the other host');
ok(!exists $dave->lobby->{peers}, 'where it waits');
$dave->message('x');
is($dave->expect('error')->{code}, 'forbidden', 'as before');
$mod->send({ type => 'admit', peer => $dave->id });
$dave->is_let_in;
$mod->expect('peer-joined');

# Moderators of other hosts are told of those who wait already.

my $erin = Otter::Peer->wait($hosts, 'erin', at => 0);

$mod->expect('knock');

my $other = Otter::Peer->enter($hosts, 'other', at => 1,
    claims => { role => 'moderator' });

is($other->expect('knock')->{peer}{id}, $erin->id, 'at another host');
$_->expect('peer-joined') for $mod, $dave;

# Off: all come in.

$other->send({ type => 'room', lobby => false });
$erin->is_let_in;
ok(!grep({ $_ eq 'erin' } map { $_->{identity} }
    @{ $erin->welcome->{peers} }), 'erin is in');


done_testing;

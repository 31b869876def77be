use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who joins a room with a lobby waits until a moderator lets it in.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;

$http->post('rooms', { room => 'den', lobby => true }, bearer => $key);

my $mod = Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' });

for my $round (1 .. 6) {
    my $bob = Otter::Peer->wait($nginx, 'bob', claims => {
        name => 'Bob', metadata => { n => $round } });

    is($bob->lobby->{seq}, 1, 'the first message says that it waits');
    ok(!exists $bob->lobby->{$_}, "with no $_")
        for qw(peers room ice_servers);

    my $knock = $mod->expect('knock');

    has_members($knock, [qw(seq type peer)], 'a knock');
    is_deeply([map { $knock->{peer}{$_} } qw(id identity name role)],
        [$bob->id, 'bob', 'Bob', 'participant'], 'says who it is');
    is_deeply($knock->{peer}{metadata}, { n => $round }, 'with its metadata');

    my $room = $http->get('rooms/den', bearer => $key)->json;

    is_deeply([map { $_->{identity} } @{ $room->{peers} }], ['mod'],
        'it is no peer of the room yet');

    $mod->send({ type => 'admit', peer => $bob->id });
    $bob->is_let_in;

    is($bob->welcome->{seq}, 3, 'admitted, and the welcome');
    is($bob->welcome->{resumed}, false, 'a fresh one');
    is_deeply([map { $_->{identity} } @{ $bob->welcome->{peers} }], ['mod'],
        'with the peers');
    has_members($bob->welcome, [qw(seq type session resume resumed self room
        peers ice_servers ice_expires_at received)], 'and all the rest');
    is($mod->expect('peer-joined')->{peer}{id}, $bob->id, 'the others hear it');

    $mod->signal($bob, $round);
    is($bob->expect('signal')->{data}, $round, 'signals get to it');
    $bob->signal($mod, 'x');
    is($mod->expect('signal')->{from}, $bob->id, 'and come from it');

    if ($round % 2) {
        $bob->drop;
        is($mod->expect('peer-away')->{peer}, $bob->id, 'it drops');
        $bob->resume;
        $mod->expect('peer-back');
        ok($bob->is_quiet, 'and resumes');
    }

    $bob->leave;
    is($mod->expect('peer-left')->{peer}, $bob->id, 'it leaves');
}

ok($mod->is_quiet, 'nothing else was told');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Hosts;
use Otter::Status qw(status);
use Otter::Test;

# Peers that wait in a lobby are counted, and each host counts its own peers
# alone.

my $hosts = Otter::Hosts->start(server => $Otter::Status::status_conf,
    api_keys => [{ id => 'main' }]);
my $nginx = $hosts->nginx(0);

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my $mod = Otter::Peer->enter($hosts, 'mod', at => 0,
    claims => { role => 'moderator' });
my @bob = map {
    my $bob = Otter::Peer->wait($hosts, "bob-$_", at => $_ % 2);

    $mod->expect('knock');
    $bob;
} 0 .. 2;

sub counts ($at) {
    my $status = status($hosts->nginx($at));

    return [map { $status->{"sessions$_"} } '', '_waiting', '_away'];
}

is_deeply(counts(0), [3, 2, 0], 'one host: in the room, and two who wait');
is_deeply(counts(1), [1, 1, 0], 'the other: one who waits');

$mod->send({ type => 'admit', peer => $bob[1]->id });
$bob[1]->is_let_in;
is_deeply(counts(1), [1, 0, 0], 'let in');

$bob[0]->drop;
ok(eventually(5, sub { counts(0)->[2] == 1 }), 'away');
is_deeply(counts(0), [3, 2, 1], 'it waits all the same');

$bob[2]->leave;
$mod->expect($_) for qw(peer-joined peer-left);
is_deeply(counts(0), [2, 1, 1], 'gone');


done_testing;

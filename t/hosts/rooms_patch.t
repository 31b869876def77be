use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room's policy is the same on every host, whichever host changes it.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 3,
    api_keys => [{ id => 'main' }]);
my @peers = map { Otter::Peer->enter($hosts, "peer-$_", at => $_) } 0, 1;
my $mod   = Otter::Peer->enter($hosts, 'mod', at => 1,
    claims => { role => 'moderator' });

ok(eventually(5, sub { $_->pending; 1 }), 'joined') for @peers;

sub patch ($at, $json) {
    my $nginx = $hosts->nginx($at);

    return $nginx->http->request(PATCH => 'rooms/den', json => $json,
        bearer => $nginx->api_key);
}

# The next room-updated, whatever else comes before it.

sub updated ($peer) {
    while (my $message = $peer->next) {
        return $message->{room} if $message->{type} eq 'room-updated';
    }
}

for my $at (0 .. 2) {
    my $max    = 10 + $at;
    my $answer = patch($at, { max_peers => $max, locked => true,
        metadata => { at => $at }, expires_in => 1000 });

    is($answer->status, 200, "changed at host $at");
    is($answer->json->{max_peers}, $max, 'its answer');
    is(scalar @{ $answer->json->{peers} }, 3, 'has the peers of all');

    for my $peer (@peers, $mod) {
        my $room = updated($peer);

        is($room->{max_peers}, $max, $peer->identity . ' hears');
        is($room->{locked}, true, 'all of it');
        is_deeply($room->{metadata}, { at => $at }, 'with the metadata');
        ok($room->{expires_at}, 'and the end');
    }

    is(Otter::Peer->knock($hosts, 'late', at => $_)->ws->status, 403,
        "locked at host $_") for 0 .. 2;
}

$mod->send({ type => 'room', locked => false });
is(updated($_)->{locked}, false, $_->identity . ' hears of a moderator')
    for @peers, $mod;

my $late = Otter::Peer->enter($hosts, 'late', at => 2);

is($late->welcome->{room}{max_peers}, 12, 'who comes later has it too');
is_deeply($late->welcome->{room}{metadata}, { at => 2 }, 'all of it');
is(patch(1, { max_peers => 0 })->status, 400, 'bad input');

my $nginx = $hosts->nginx(2);

is_problem($nginx->http->request(PATCH => 'rooms/nowhere', json => {},
    bearer => $nginx->api_key), '404 room-not-found', 'no such room');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room that is closed at a host which does not reach Redis is closed there at
# once, and at the others when it does; one that is made anew meanwhile stays.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1, api_keys => [{ id => 'main' }]);
my $nginx = $hosts->nginx(0);
my %peer;

for my $room (qw(den lodge)) {
    $peer{$room} = [map {
        Otter::Peer->enter($hosts, "peer-$_", room => $room, at => $_)
    } 0, 1];
    $peer{$room}[0]->expect('peer-joined');
}

$hosts->cable(0)->cut;
ok(eventually(20, sub {
    $nginx->http->get('health')->json->{status} eq 'degraded'
}), 'one host does not reach Redis');

for my $room (qw(den lodge)) {
    is($nginx->http->delete("rooms/$room", bearer => $nginx->api_key)->status,
        204, "$room: closed there");
    is($peer{$room}[0]->close_code, 4404, 'its peer goes');
}

my $again = Otter::Peer->enter($hosts, 'again', room => 'lodge', at => 0);

$hosts->cable(0)->mend;
ok($hosts->heals(30), 'it is back');

is($peer{den}[1]->close_code(30), 4404, 'the peer of the other host goes too');
is_problem($hosts->nginx(1)->http->get('rooms/den',
    bearer => $hosts->nginx(1)->api_key), '404 room-not-found',
    'and the room is no more');

ok(eventually(20, sub {
    $again->signal($peer{lodge}[1], 1);
    return scalar grep { $_->{type} eq 'signal' } $peer{lodge}[1]->pending;
}), 'in the room that was made anew both are there');


done_testing;

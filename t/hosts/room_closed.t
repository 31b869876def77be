use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The API says the same at each host, and closes a room for the peers of all.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);
my @peers = map { Otter::Peer->enter($hosts, "peer-$_", at => $_ % 2) } 1 .. 4;
my $other = Otter::Peer->enter($hosts, 'peer-1', room => 'lodge', at => 1);

sub api ($at, $method, @arguments) {
    my $nginx = $hosts->nginx($at);

    return $nginx->http->$method(@arguments, bearer => $nginx->api_key);
}

ok(eventually(3, sub { $_->pending; 1 }), 'joined') for @peers;

for my $at (0, 1) {
    my $room = api($at, get => 'rooms/den')->json;

    is($room->{status}, 'occupied', "host $at: occupied");
    is_deeply([sort map { $_->{id} } @{ $room->{peers} }],
        [sort map { $_->id } @peers], 'with the peers of both');
}

like(api(0, delete => 'rooms/den')->status, qr/^20[04]$/, 'closed at host 0');

for my $peer (@peers) {
    is($peer->close_code, 4404, $peer->identity . ' is closed with 4404');
    is(($peer->last_messages)[-1]{type}, 'bye', 'after a bye');
    is($peer->try_resume(at => $_)->status, 401, "over, at host $_")
        for 0, 1;
}

ok($other->is_quiet, 'another room hears nothing');

for my $at (0, 1) {
    ok(eventually(3, sub {
        api($at, get => 'rooms/den')->status == 404;
    }), "host $at: no such room");
}

my $anew = Otter::Peer->enter($hosts, 'peer-1', at => 1);

is_deeply($anew->welcome->{peers}, [], 'it can be opened anew, empty');


done_testing;

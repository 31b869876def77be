use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A message from the server reaches the peers of every host, once, from any
# host.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 3, workers => 2,
    api_keys => [{ id => 'main' }]);
my @peers = map { Otter::Peer->enter($hosts, "peer-$_", at => $_ % 2) }
    0 .. 3;

sub heard ($peer) {
    while (my $message = $peer->next) {
        return $message if $message->{type} ne 'peer-joined';
    }
}

sub post ($at, $json) {
    my $nginx = $hosts->nginx($at);

    return $nginx->http->post('rooms/den/messages', $json,
        bearer => $nginx->api_key);
}

for my $at (0 .. 2) {
    my $sent = post($at, { data => "from $at\tx" });

    is($sent->status, 200, "host $at: 200");
    is($sent->json->{peers}, 4, 'to all four');

    for my $peer (@peers) {
        my $message = heard($peer);

        is($message->{type}, 'message', $peer->identity . ' has it');
        is($message->{from}, undef, 'from nobody');
        is($message->{data}, "from $at\tx", 'as it was sent');
    }

    is(post($at, { to => $peers[1]->id, data => $at })->json->{peers}, 1,
        'to one of them');
    is(heard($peers[1])->{data}, $at, 'it comes');
    is(post($at, { to => 'x' x 20, data => 1 })->status, 404, 'to nobody');
}

ok($_->is_quiet, $_->identity . ' has nothing twice') for @peers;

my $nginx = $hosts->nginx(2);

is_problem($nginx->http->post('rooms/nowhere/messages', { data => 1 },
    bearer => $nginx->api_key), '404 room-not-found', 'no such room');


done_testing;

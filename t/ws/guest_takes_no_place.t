use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A guest may call itself what it likes, but does not replace a peer whose
# token an API key minted.

my $nginx = Otter::Nginx->start(server => 'otter_guests on;');
my $alice = Otter::Peer->enter($nginx, 'alice');
my $guest = sub ($identity) {
    return $nginx->http->post('token',
        { room => 'den', identity => $identity })->json->{token};
};

is_problem($nginx->http->get('session', bearer => $guest->('alice')),
    '409 identity-taken', 'GET session says so');
is(Otter::Peer->knock($nginx, 'alice', token => $guest->('alice'))->ws->status,
    409, 'the handshake is refused');
ok($alice->is_quiet, 'the peer hears nothing of it');

my ($first, $second)
    = map { Otter::Peer->enter($nginx, 'zoe', token => $guest->('zoe')) } 1, 2;

is($first->expect('bye')->{reason}, 'replaced', 'a guest replaces a guest');

my $owner = Otter::Peer->enter($nginx, 'zoe');

is($second->expect('bye')->{reason}, 'replaced', 'a key replaces a guest');
is($owner->welcome->{self}{identity}, 'zoe', 'and has the place');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET session answers with the problem that the handshake would meet.

my $nginx = Otter::Nginx->start(server => 'otter_max_peers 1;');
my $http  = $nginx->http;

is_problem($http->get('session'), '401 auth-required', 'no token');
is_problem($http->get('session', bearer => 'x'), '401 token-malformed',
    'no JWT');
is_problem($http->get('session', bearer => mint($nginx->key, exp => 1)),
    '401 token-expired', 'an expired token');
like($http->get('session')->header('WWW-Authenticate') // '', qr/^Bearer/,
    'with the challenge');

my $alice = Otter::Peer->enter($nginx, 'alice');

is_problem($http->get('session', bearer => mint($nginx->key, sub => 'bob')),
    '409 room-full', 'a full room');
is($http->get('session', bearer => $alice->token)->status, 200,
    'not full for the one who is in it');
is($http->get('session',
    bearer => mint($nginx->key, sub => 'bob', room => 'lodge'))->status, 200,
    'another room is not full');


done_testing;

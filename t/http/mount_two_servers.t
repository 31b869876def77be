use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Two servers have their own keys, policies and prefixes.

my $north = Otter::Key->hs256('north');
my $south = Otter::Key->hs256('south');

my $nginx = Otter::Nginx->start(
    keys    => [$north],
    server  => 'otter_max_peers 2;',
    servers => <<~'CONF',
        server {
            listen 127.0.0.1:%port:south%;
            otter_signaling on;
            otter_prefix /calls/;
            otter_guests on;
            otter_max_peers 5;
        }
        CONF
);

my $http  = $nginx->http;
my $other = $nginx->http(port => 'south', prefix => '/calls/');

is_problem($http->post('token', { room => 'den' }), '401 auth-required',
    'no guests in one');

my $guest = $other->post('token', { room => 'den' });

is($guest->status, 200, 'guests in the other');
is($other->get('session', bearer => $guest->json->{token})->status, 200,
    'whose token is good there');
is_problem($http->get('session', bearer => $guest->json->{token}),
    '401 token-unknown-key', 'but not here');
is_problem($other->get('session', bearer => mint($north)),
    '401 token-unknown-key', 'nor the other way round');
is_problem($other->get('session', bearer => mint($south)),
    '401 token-unknown-key', 'a key of neither is good nowhere');
is($http->get('session', bearer => mint($north))->status, 200,
    'and its own is');
is($nginx->http(port => 'south')->get('health')->status, 404,
    'the prefix of one is not that of the other');


done_testing;

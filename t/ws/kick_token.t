use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who was put out does not come back with the token that it had, on any path,
# and does with a new one.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }], server => 'otter_echo on;');
my $http  = $nginx->http;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $now     = time;
my $hoarded = mint($nginx->key, sub => 'bob', iat => $now - 60,
    nbf => $now - 60);
my $spare   = mint($nginx->key, sub => 'bob');

sub kick ($peer) {
    return $http->delete('rooms/den/peers/' . $peer->id,
        bearer => $nginx->api_key)->status;
}

sub refused ($token, $name) {
    is_problem($http->get($_, bearer => $token), '401 token-revoked',
        "$name: $_")
        for 'session', 'ice-servers', 'turn?service=turn';
    is(Otter::Peer->knock($nginx, 'bob', token => $token)->ws->status, 401,
        "$name: socket") for 1 .. 4;
}

is(kick($bob), 204, 'kicked');
is($bob->close_code, 4403, 'closed');

refused($bob->token, 'the token');
is($bob->try_resume->status, 401, 'nor by a resume') for 1 .. 4;
refused($hoarded, 'one from before');
refused($spare, 'one of the same second');

ok($http->get('session', bearer => mint($nginx->key, sub => 'bob',
    room => 'lodge'))->status == 200, 'another room takes him');
ok($http->get('session', bearer => mint($nginx->key,
    sub => 'bobby'))->status == 200, 'and this one takes others');

$alice->expect('peer-left');

my $again = Otter::Peer->enter($nginx, 'bob',
    claims => { iat => time + 1 });

is($alice->expect('peer-joined')->{peer}{id}, $again->id,
    'a new token lets him in');
refused($bob->token, 'still not the old one');

# A token given on the socket is the one that counts.

my $fresh = mint($nginx->key, sub => 'bob', iat => time + 1);

$again->send({ type => 'token', token => $fresh });
ok($again->is_quiet, 'taken');
is(kick($again), 204, 'kicked again');
is($again->close_code, 4403, 'closed');
refused($fresh, 'the refreshed token');
refused($again->token, 'and the one before');

# One without jti and iat is as good as any other.

my $plain = mint($nginx->key, sub => 'carol', jti => undef, iat => undef,
    nbf => undef);
my $carol = Otter::Peer->enter($nginx, 'carol', token => $plain);

is(kick($carol), 204, 'kicked');
is(Otter::Peer->knock($nginx, 'carol', token => $plain)->ws->status, 401,
    'a token without a name is refused as well');


done_testing;

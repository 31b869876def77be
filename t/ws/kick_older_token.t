use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who was put out does not come back with another token of its own that was
# made before, however little before, and does with one of a later second.

use Otter::Hosts;

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);

sub is_refused ($nginx, $identity, $token, $name) {
    is_problem($nginx->http->get('session', bearer => $token),
        '401 token-revoked', "$name: session");
    is(Otter::Peer->knock($nginx, $identity, token => $token)->ws->status,
        401, "$name: socket");
}

sub kick ($nginx, $peer) {
    is($nginx->http->delete('rooms/den/peers/' . $peer->id,
        bearer => $nginx->api_key)->status, 204, 'kicked');
    is($peer->close_code, 4403, 'closed');
}

for my $on (['one host', $nginx], ['by Redis', $hosts->nginx(0)]) {
    my ($name, $nginx) = @$on;
    my $keep = Otter::Peer->enter($nginx, 'keep');

    # a second tab, and a token given on the socket

    my @token = map { mint($nginx->key, sub => 'bob') } 1 .. 3;
    my $bob   = Otter::Peer->enter($nginx, 'bob', token => $token[0]);

    $bob = Otter::Peer->enter($nginx, 'bob', token => $token[1]);
    $bob->send({ type => 'token', token => $token[2] });
    ok($bob->is_quiet, 'taken');

    kick($nginx, $bob);
    is_refused($nginx, 'bob', $token[$_], "$name: token $_") for 0 .. 2;

    # some that were kept, made between the one in use and the kick

    my $now  = time;
    my @kept = map { mint($nginx->key, sub => 'carol', iat => $now - $_) }
        0 .. 6;
    my $carol = Otter::Peer->enter($nginx, 'carol',
        claims => { iat => $now - 10 });

    kick($nginx, $carol);
    is_refused($nginx, 'carol', $kept[$_], "$name: $_ s before") for 0 .. 6;

    my $later = mint($nginx->key, sub => 'carol', iat => time + 1);

    is($nginx->http->get('session', bearer => $later)->status, 200,
        "$name: one of a later second is taken");
    Otter::Peer->enter($nginx, 'carol', token => $later);
}


done_testing;

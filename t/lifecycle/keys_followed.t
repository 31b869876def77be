use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The files of keys are followed: what is in them counts within a second, on
# every worker, with no reload.

use Digest::SHA qw(hmac_sha1_base64);
use Otter::Keys qw(create_api_key revoke_api_key write_jwk_set
    write_private);
use Time::HiRes qw(time);

my $nginx = Otter::Nginx->start(
    workers      => 3,
    api_keys     => [{ id => 'old' }],
    turn_secrets => ['north'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478;',
);

my $client = $nginx->http_of_workers;
my @pids   = sort { $a <=> $b } $nginx->worker_pids;
my $old    = $nginx->api_key('old');
my $keys   = $nginx->path('keys.json');


sub everywhere ($name, $test) {
    my $begin = time;

    ok(eventually(1, sub { !grep { !$test->($_) } values %$client }), $name);
    note(sprintf 'after %.2f s', time - $begin);
}

sub status ($http, $key) {
    return $http->post('token', { room => 'den' }, bearer => $key)->status;
}

my $new = create_api_key($keys, id => 'new');

everywhere('a new key is taken', sub ($http) { status($http, $new) == 200 });

revoke_api_key($keys, 'new');

everywhere('a revoked key is refused',
    sub ($http) { status($http, $new) == 401 });
everywhere('the other key goes on',
    sub ($http) { status($http, $old) == 200 });


my $next = Otter::Key->es256('next');

sub verifies ($http, $key) {
    return $http->get('session', bearer => mint($key))->status == 200;
}

write_jwk_set($nginx->path('jwt.json'), $next, $nginx->key);

everywhere('a new signing key verifies',
    sub ($http) { verifies($http, $next) });
everywhere('the old one goes on',
    sub ($http) { verifies($http, $nginx->key) });
everywhere('jwks.json follows', sub ($http) {
    my @public = @{ $http->get('jwks.json')->json->{keys} };

    return @public == 1 && $public[0]{kid} eq 'next';
});

write_jwk_set($nginx->path('jwt.json'), $next);

everywhere('a key that was taken out verifies no more',
    sub ($http) { !verifies($http, $nginx->key) });


write_private($nginx->path('turn.secret'), "south\nnorth\n");

everywhere('a new TURN secret signs', sub ($http) {
    my $turn = $http->get('turn?service=turn&username=u', bearer => $old)
        ->json;

    return $turn->{password} eq hmac_sha1_base64($turn->{username}, 'south')
        . '=';
});


is_deeply([sort { $a <=> $b } $nginx->worker_pids], \@pids,
    'the workers are the same');

my ($victim) = @pids;

$nginx->kill_worker($victim);
$client = $nginx->http_of_workers;

everywhere('a worker that is started later knows all of it', sub ($http) {
    return status($http, $new) == 401 && verifies($http, $next);
});


done_testing;

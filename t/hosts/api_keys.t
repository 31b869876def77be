use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# API keys in Redis: every host takes a new one, and refuses a revoked one,
# within a second; while Redis is away, what was known goes on.

use Otter::Command qw(run);
use Otter::Hosts;
use Otter::Paths qw($command);

my $hosts = Otter::Hosts->start(workers => 2,
    api_keys => [{ id => 'filed' }]);
my $redis = $hosts->redis;

my @clients = map { values %{ $hosts->nginx($_)->http_of_workers } } 0, 1;

sub otter ($action, @arguments) {
    my $result = run($command, 'key', $action, @arguments, '--json',
        '--redis', $redis->url);

    is($result->{exit}, 0, "otter key $action") || diag($result->{stderr});

    return from_json($result->{stdout} || '{}');
}

sub status ($http, $key) {
    return $http->post('token', { room => 'den' }, bearer => $key)->status;
}

sub everywhere ($name, $key, $expected, $seconds = 1) {
    ok(eventually($seconds, sub {
        !grep { status($_, $key) != $expected } @clients
    }), $name);
}

my $main = otter(create => '--id', 'main', '--rooms', 'den',
    '--scopes', 'token')->{key};

everywhere('a new key is taken by all hosts', $main, 200);
is(status($clients[0], $hosts->nginx(0)->api_key('filed')), 200,
    'beside that of the file');
is_problem($clients[0]->post('token', { room => 'hall' }, bearer => $main),
    '403 key-room', 'its pattern holds');
is_problem($clients[3]->get('rooms', bearer => $main), '403 key-scope',
    'its scopes hold');

my $next = otter(rotate => 'main')->{key};

everywhere('its new secret is taken', $next, 200);
everywhere('the old one still is', $main, 200);

my $short = otter(rotate => 'main', '--overlap', 1)->{key};

everywhere('another one', $short, 200);
everywhere('the oldest secret is refused', $main, 401);
everywhere('and the one before, after the overlap', $next, 401, 4);

otter(revoke => 'main');
everywhere('a revoked key is refused by all hosts', $short, 401);

is_deeply([map { "$_->{id} $_->{status}" } @{ otter('list')->{keys} }],
    ['main revoked'], 'the list');
unlike(join(' ', $redis->command(HGETALL => 'otter:apikeys')),
    qr/\Q$short\E/, 'no key is in Redis');


my $known = otter(create => '--id', 'known')->{key};

everywhere('a key before Redis goes', $known, 200);

$redis->kill;
ok(eventually(10, sub { $hosts->nginx(0)->http->get('health')->json->{status}
    eq 'degraded' }), 'Redis is away');

is(status($_, $known), 200, 'a known key goes on') for @clients;

$redis->start_again;
ok($hosts->heals(20), 'Redis is back, empty');

everywhere('what it has lost is refused', $known, 401, 3);

my $later = otter(create => '--id', 'later')->{key};

everywhere('and what is new is taken', $later, 200);

$redis->command(HSET => 'otter:apikeys', 'bad', '{"id":"bad"}');
$redis->command(PUBLISH => 'otter:apikeys', 'bad');

ok($hosts->nginx(1)->logs(qr/the API key "bad" in Redis can't be used/),
    'an entry that is none is told');
everywhere('and harms no other', $later, 200);


done_testing;

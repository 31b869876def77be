use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Every room is seen, listed, fetched and closed at any host, also one that
# has no peers, or none there.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(
    api_keys => [{ id => 'main' }, { id => 'team', rooms => 'team-*' }]);

sub api ($at, $method, $path, @arguments) {
    my $nginx = $hosts->nginx($at);

    return $nginx->http->$method($path, @arguments,
        bearer => $nginx->api_key);
}

sub listed ($at, $limit, $key = 'main') {
    my ($nginx, $cursor, @seen) = ($hosts->nginx($at));

    for (1 .. 40) {
        my $answer = $nginx->http->get("rooms?limit=$limit"
            . (defined $cursor ? "&cursor=$cursor" : ''),
            bearer => $nginx->api_key($key))->json;

        push @seen, map { $_->{room} } @{ $answer->{rooms} };
        $cursor = $answer->{cursor} // last;
    }

    return \@seen;
}

my $made = api(0, post => 'rooms',
    { room => 'kept', max_peers => 3, metadata => { a => 1 } });

is($made->status, 201, 'made at host 0');

my $seen = api(1, get => 'rooms/kept');

is($seen->status, 200, 'seen at host 1');
is_deeply({ %{ $seen->json }, updated_at => 0 },
    { %{ $made->json }, updated_at => 0 }, 'as it is');

my $again = api(1, post => 'rooms', { room => 'kept', max_peers => 5 });

is($again->status, 200, 'fetched at host 1');
is($again->json->{max_peers}, 3, 'as it is');

# Rooms with peers of one host, and none.

my $alice = Otter::Peer->enter($hosts, 'alice', at => 0, room => 'den');
my @names = ('den', 'kept', (map { "team-$_" } 'a' .. 'f'));

api(ord($_) % 2, post => 'rooms', { room => "team-$_" }) for 'a' .. 'f';

my $den = api(1, get => 'rooms/den')->json;

is_deeply([map { $_->{id} } @{ $den->{peers} }], [$alice->id],
    'a room of peers of host 0 at host 1');

for my $at (0, 1) {
    for my $limit (1, 3, 8, 100) {
        is_deeply(listed($at, $limit), \@names,
            "all are listed at host $at, in pages of $limit");
    }

    is_deeply(listed($at, 2, 'team'), [@names[2 .. 7]],
        "a key sees its own at host $at");
}

is(api(1, delete => 'rooms/den')->status, 204, 'closed at host 1');
is($alice->close_code, 4404, 'its peer at host 0 is closed');

is(api(0, delete => 'rooms/team-b')->status, 204,
    'closed at the host that did not make it');

for my $at (0, 1) {
    ok(eventually(8, sub { api($at, get => "rooms/$_")->status == 404 }),
        "host $at: no $_") for qw(den team-b);
    is_deeply(listed($at, 4), [grep { !/^den$|^team-b$/ } @names],
        "nor is it listed at host $at");
    is(api($at, delete => 'rooms/none')->status, 404, 'one that never was');
}

$hosts->redis->command('FLUSHALL');

my $bob = Otter::Peer->enter($hosts, 'bob', at => 1, room => 'cellar');

ok((grep { $_ eq 'cellar' } @{ listed(0, 100) }), 'after FLUSHALL as well');
$bob->leave;
ok(eventually(5, sub { api(0, get => 'rooms/cellar')->status == 404 }),
    'a room of nobody goes');


done_testing;

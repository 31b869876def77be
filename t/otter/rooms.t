use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Test;

# "otter rooms" shows all rooms of a server that the key may see, over pages,
# and "otter peers" who is in one.

my $nginx = Otter::Nginx->start(server => 'otter_max_peers 2;', api_keys => [
    { id => 'all', scopes => 'rooms' },
    { id => 'few', scopes => 'rooms', rooms => 'a*' },
    { id => 'none', scopes => 'token' },
]);
my $url  = 'http://127.0.0.1:' . $nginx->port . '/otter/';
my %file = map { $_ => put("$_.key", $nginx->api_key($_) . "\n") }
    qw(all few none);
my @to   = ('--url', $url, '--api-key-file', $file{all});

my ($alice, $bob) = peers($nginx, qw(alice bob), { room => 'afternoon' });

is_deeply([map { $_->{room} } @{ otter_json('rooms', @to)->{rooms} }],
    ['afternoon'], 'one room');

for my $n (1 .. 120) {
    $nginx->http->post('rooms', { room => sprintf 'r%03d', $n },
        bearer => $nginx->api_key('all'));
}

my $rooms = otter_json('rooms', @to)->{rooms};

is(scalar @$rooms, 121, 'more than one page');
is($rooms->[120]{room}, 'r120', 'up to the last');

my $table = otter('rooms', '--url', $url, '--api-key-file', $file{few});

like($table->{stdout}, qr/\AROOM +STATUS +PEERS +LOCKED +LOBBY +CREATED_AT
afternoon +full +2\/2 +no +no +20\S+Z
\z/,
    'a table, of what the key may see');
is($table->{exit}, 0, 'exit 0');

my $peers = otter_json('peers', 'afternoon', @to);

is($peers->{room}, 'afternoon', 'the room');
is_deeply([map { $_->{identity} } @{ $peers->{peers} }], ['alice', 'bob'],
    'its peers');
like(otter('peers', 'afternoon', @to)->{stdout},
    qr/^${\ $alice->id} +alice .* participant +20\S+Z$/m,
    'as a table');

my $refused = otter('peers', 'nobody-home', @to);

is($refused->{exit}, 1, 'no such room: exit 1');
like($refused->{stderr}, qr/\Aotter peers: there is no such room \(404 room-not-found\)\n\z/,
    'the reason');

$refused = otter('rooms', '--url', $url, '--api-key-file', $file{none});

is($refused->{exit}, 1, 'a key without the right: exit 1');
like($refused->{stderr}, qr/\(403 key-scope\)/, 'the reason');

{
    local $ENV{OTTER_URL}          = $url;
    local $ENV{OTTER_API_KEY_FILE} = $file{few};

    is(scalar @{ otter_json('rooms')->{rooms} }, 1,
        'where and with what may come from the environment');
    is(scalar @{ otter_json('rooms', '--api-key-file', $file{all})->{rooms} },
        121, 'options go before it');
}


done_testing;

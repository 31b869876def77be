use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The server's own messages into a room: from nobody, and byte for byte.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [
        { id => 'main' },
        { id => 'own',   rooms  => 'own-*' },
        { id => 'token', scopes => 'token' },
    ]);
my $http  = $nginx->http;
my @peers = peers($nginx, qw(alice bob carol));

sub post ($body, %option) {
    return $http->request(POST => 'rooms/den/messages', body => $body,
        bearer => $nginx->api_key, headers => ['Content-Type',
        'application/json'], %option);
}

my $data = '{"n": 1.50, "big":123456789012345678901234567890,'
    . "\t\"s\":\"\\u00e9\xC3\xA9\"}";
my $sent = post(qq({"data":$data}));

is($sent->status, 200, 'sent');
is($sent->json->{peers}, 3, 'and to how many');

for my $peer (@peers) {
    $peer->expect('message');
    ok(index($peer->text, qq("type":"message","from":null,"data":$data}))
        > 0, $peer->identity . ' has it byte for byte, from null');
}

is(post(to_json({ to => $peers[1]->id, data => [1] }))->status, 200,
    'to one of them');
is_deeply($peers[1]->expect('message')->{data}, [1], 'he has it');
ok($_->is_quiet, $_->identity . ' does not') for @peers[0, 2];

is_problem(post('{"to":"nobody","data":1}'), '404 peer-not-found',
    'no such peer');
is_problem(post(to_json({ to => 'x' x 20, data => 1 })),
    '404 peer-not-found', 'nor this one');
is_problem($http->post('rooms/nowhere/messages', { data => 1 },
    bearer => $nginx->api_key), '404 room-not-found', 'no such room');
is_problem(post('{}'), '400 bad-member', 'no data');
is_problem(post('{"to":1,"data":1}'), '400 bad-member', 'a number as id');
is_problem(post('{"data":1,"data":2}'), '400 bad-member', 'twice');
is_problem(post('[1]'), '400 bad-member', 'no object');
is_problem(post('{"data":'), '400 bad-json', 'half of it');
is_problem(post('{"data":"' . 'x' x 65536 . '"}'), '413 body-too-large',
    'too much');
is_problem(post('{"data":1}', bearer => $nginx->api_key('own')),
    '403 key-room', 'a key for other rooms');
is_problem(post('{"data":1}', bearer => $nginx->api_key('token')),
    '403 key-scope', 'a key without the scope');
is_problem(post('{"data":1}', bearer => mint($nginx->key,
    role => 'moderator')), '401 key-required', 'a moderator');
is($http->get('rooms/den/messages')->status, 405, 'GET is none');
ok($_->is_quiet, $_->identity . ' heard nothing of those') for @peers;

# One who is away has it when it is back.

$peers[2]->drop;
$_->expect('peer-away') for @peers[0, 1];
is(post('{"data":"late"}')->json->{peers}, 3, 'to one who is away as well');
$peers[2]->resume;
is($peers[2]->expect('message')->{data}, 'late', 'held for it');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A body that is not what POST token takes is a 400, whatever it is.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $deep  = '{"room":"den","metadata":' . '{"a":' x 200 . '1' . '}' x 201;

my %no_json = (
    'nothing'                => '',
    'no JSON'                => 'room=den',
    'half of an object'      => '{"room":"den"',
    'something behind it'    => '{"room":"den"} x',
    'two objects'            => '{"room":"den"}{"room":"den"}',
    'an array'               => '["den"]',
    'a string'               => '"den"',
    'null'                   => 'null',
    'a name twice'           => '{"room":"den","room":"lodge"}',
    'not UTF-8'              => qq({"room":"den","name":"\xff"}),
    'a lone surrogate'       => '{"room":"den","name":"\ud800"}',
    'a zero character'       => '{"room":"den","identity":"a\u0000b"}',
    'too deep'               => $deep,
);

my %no_request = (
    'no room'                => '{}',
    'room null'              => '{"room":null}',
    'room a number'          => '{"room":7}',
    'room an array'          => '{"room":["den"]}',
    'room empty'             => '{"room":""}',
    'room too long'          => '{"room":"' . 'a' x 129 . '"}',
    'room a dot'             => '{"room":"."}',
    'room two dots'          => '{"room":".."}',
    'room with a slash'      => '{"room":"a/b"}',
    'room with a space'      => '{"room":"a b"}',
    'room with a percent'    => '{"room":"a%20b"}',
    'room with a letter from beyond ASCII' => qq({"room":"\xc3\xa5"}),
    'room with a line break' => '{"room":"a\nb"}',
    'identity empty'         => '{"room":"den","identity":""}',
    'identity a number'      => '{"room":"den","identity":7}',
    'identity too long'      => '{"room":"den","identity":"' . 'a' x 129 . '"}',
    'identity with a control character' =>
        '{"room":"den","identity":"a\tb"}',
    'identity with DEL'      => qq({"room":"den","identity":"a\x7fb"}),
    'name an object'         => '{"room":"den","name":{}}',
    'role unknown'           => '{"room":"den","role":"king"}',
    'role a number'          => '{"room":"den","role":1}',
    'metadata a string'      => '{"room":"den","metadata":"x"}',
    'metadata an array'      => '{"room":"den","metadata":[]}',
);

sub post ($body) {
    return $nginx->http->request(POST => 'token', body => $body,
        bearer => $nginx->api_key);
}

is_problem(post($no_json{$_}), '400 bad-json', $_) for sort keys %no_json;
is_problem(post($no_request{$_}), '400 bad-member', $_)
    for sort keys %no_request;

my $longest = 'a.Z_9~-' x 18 . 'xx';

is($nginx->http->post('token', { room => $longest },
    bearer => $nginx->api_key)->status, 200, 'the longest room name is taken');
is($nginx->http->post('token',
    { room => 'den', identity => "\x{e5}" x 63 . 'xx' },
    bearer => $nginx->api_key)->status, 200, 'the longest identity is taken');


done_testing;

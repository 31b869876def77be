use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# POST rooms refuses what it does not understand, and creates nothing then.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my %as    = (bearer => $nginx->api_key);

my %no_json = (
    'nothing'              => '',
    'no JSON'              => 'x',
    'an array'             => '[]',
    'a name twice'         => '{"room":"den","room":"den"}',
);

my %no_request = (
    'room null'            => '{"room":null}',
    'room a number'        => '{"room":1}',
    'room empty'           => '{"room":""}',
    'room too long'        => '{"room":"' . 'a' x 129 . '"}',
    'room a dot'           => '{"room":"."}',
    'room two dots'        => '{"room":".."}',
    'room with a slash'    => '{"room":"a/b"}',
    'max_peers 0'          => '{"room":"den","max_peers":0}',
    'max_peers negative'   => '{"room":"den","max_peers":-1}',
    'max_peers a fraction' => '{"room":"den","max_peers":2.5}',
    'max_peers a string'   => '{"room":"den","max_peers":"2"}',
    'max_peers huge'       => '{"room":"den","max_peers":99999999999}',
    'lobby a string'       => '{"room":"den","lobby":"on"}',
    'locked a number'      => '{"room":"den","locked":1}',
    'relay_only null'      => '{"room":"den","relay_only":"no"}',
    'expires_in a string'  => '{"room":"den","expires_in":"1h"}',
    'expires_in negative'  => '{"room":"den","expires_in":-5}',
    'metadata an array'    => '{"room":"den","metadata":[]}',
);

sub post ($body) {
    return $nginx->http->request(POST => 'rooms', body => $body, %as);
}

is_problem(post($no_json{$_}), '400 bad-json', $_) for sort keys %no_json;
is_problem(post($no_request{$_}), '400 bad-member', $_)
    for sort keys %no_request;
is_problem($nginx->http->get('rooms/den', %as), '404 room-not-found',
    'no room came of it');


done_testing;

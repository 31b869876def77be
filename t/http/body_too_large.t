use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A body larger than any sensible one is a 413, and not waited for.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;
my $body  = '{"room":"den","name":"' . 'a' x 2_000_000 . '"}';

is_problem($http->request(POST => $_, body => $body, bearer => $key),
    '413 body-too-large', "POST $_") for qw(token rooms);

my $head = "POST /otter/token HTTP/1.1\r\nHost: x\r\n"
    . "Authorization: Bearer $key\r\n";

is_problem($http->raw("${head}Content-Length: 100000000\r\n\r\n"),
    '413 body-too-large', 'announced alone');

my $chunks = sprintf "%x\r\n%s\r\n0\r\n\r\n", length $body, $body;

is_problem($http->raw("${head}Transfer-Encoding: chunked\r\n\r\n$chunks"),
    '413 body-too-large', 'in chunks');

is($http->post('token', { room => 'den' }, bearer => $key)->status, 200,
    'the server goes on');


done_testing;

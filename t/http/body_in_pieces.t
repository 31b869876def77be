use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A body may come slowly, in chunks, or after 100 Continue.

use Time::HiRes qw(sleep);

my $nginx = Otter::Nginx->start(server => 'otter_guests on;');
my $http  = $nginx->http;
my $body  = '{"room":"den"}';
my $head  = "POST /otter/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

my $slow = $http->socket;

$slow->send("${head}Content-Length: 14\r\n\r\n");

for my $byte (split //, $body) {
    sleep 0.005;
    $slow->send($byte);
}

is(Otter::HTTP::Response->read($slow)->status, 200, 'byte by byte');

my $chunks = join '', map { "1\r\n$_\r\n" } split //, $body;

is($http->raw("${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n")
    ->status, 200, 'in chunks');

my $expects = $http->socket;

$expects->send("${head}Content-Length: 14\r\nExpect: 100-continue\r\n\r\n");
is(Otter::HTTP::Response->read($expects, method => 'HEAD')->status, 100,
    'told to continue');
$expects->send($body);
is(Otter::HTTP::Response->read($expects)->status, 200, 'and answered');

my $cut = $http->socket;

$cut->send("${head}Content-Length: 14\r\n\r\n" . substr $body, 0, 7);
$cut->close;

is($http->get('health')->status, 200, 'a body that ends early harms nobody');


done_testing;

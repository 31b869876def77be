use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# One connection carries many calls, refused ones among them.

my $nginx  = Otter::Nginx->start(server => 'otter_guests on;');
my $socket = $nginx->http->socket;

sub ask ($method, $path, $body = '') {
    return "$method /otter/$path HTTP/1.1\r\nHost: x\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body";
}

my @calls = (
    [GET  => 'health', '',               200],
    [POST => 'token',  '{"room":"den"}', 200],
    [POST => 'token',  '{"room":',       400],
    [PUT  => 'token',  '{"room":"den"}', 405],
    [POST => 'rooms',  '{"room":"den"}', 401],
    [GET  => 'nothing-here', 'body',     404],
    [GET  => 'session', 'body',          401],
    [GET  => 'ws',     'body',           426],
    [GET  => 'health', '',               200],
);

for my $call (@calls) {
    my ($method, $path, $body, $status) = @$call;

    $socket->send(ask($method, $path, $body));

    my $answer = Otter::HTTP::Response->read($socket);

    ok($answer, "$method $path is answered") || last;
    is($answer->status, $status, "$method $path: $status");
}

$socket->send(join '', map { ask(GET => 'health') } 1 .. 5);

is(Otter::HTTP::Response->read($socket)->status, 200, 'pipelined')
    for 1 .. 5;


done_testing;

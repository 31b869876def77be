use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A handshake that is none, or not for Otter, is refused with a status.

my $nginx = Otter::Nginx->start;
my $token = mint($nginx->key);
my $key   = 'dGhlIHNhbXBsZSBub25jZQ==';

my @table = (
    ['no subprotocol',     426, protocols => []],
    ['another subprotocol', 426, protocols => ['otter.v2']],
    ['otter.v1 in capitals', 426, protocols => ['OTTER.V1']],
    ['a token, no otter.v1', 426, protocols => ["otter.bearer.$token"]],
    ['no Upgrade',         [400, 426], headers => { Upgrade => undef }],
    ['another Upgrade',    [400, 426], headers => { Upgrade => 'h2c' }],
    ['no Connection',      [400, 426], headers => { Connection => undef }],
    ['Connection: close',  [400, 426], headers => { Connection => 'close' }],
    ['Connection: keep-alive', [400, 426],
        headers => { Connection => 'keep-alive' }],
    (map { my $version = $_;
        ["version $version", [400, 426],
            headers => { 'Sec-WebSocket-Version' => $version }]
    } '8', '7', '0', '013', '+13', '13.0', '13x', '14', '-13', '1 3', '113'),
    ['no version',         [400, 426],
        headers => { 'Sec-WebSocket-Version' => undef }],
    ['two versions',       [400, 426],
        headers => { 'Sec-WebSocket-Version' => [13, 8] }],
    (map { my ($name, $value) = @$_;
        ["key: $name", 400, headers => { 'Sec-WebSocket-Key' => $value }]
    } ['none', undef], ['empty', ''], ['short', 'c2hvcnQ='],
      ['long', 'dGhlIHNhbXBsZSBub25jZSBpcyB0b28gbG9uZw=='],
      ['no padding', 'dGhlIHNhbXBsZSBub25jZQ'],
      ['not base64', 'dGhlIHNhbXBsZSBub25jZ*=='],
      ['spaces', 'dGhlIHNhbXBs ZSBub25j=='], ['twice', [$key, $key]]),
    ['no Host',            400, headers => { Host => undef }],
    ['Host twice',         400, headers => { Host => ['a', 'a'] }],
    ['POST',               405, method => 'POST'],
    ['HEAD',               405, method => 'HEAD'],
    ['HTTP/1.0',           [400, 426, 505], version => '1.0'],
    ['a token in the query', 401, token => undef,
        path => "/otter/ws?token=$token"],
    ['a token in both places, the query one too', [400, 401],
        path => "/otter/ws?token=$token", token => 'x'],
    ['no token',           401, token => undef],
    ['two tokens',         [400, 401],
        protocols => ['otter.v1', "otter.bearer.$token", 'otter.bearer.x'],
        token => undef],
    ['an empty token',     401, protocols => ['otter.v1', 'otter.bearer.'],
        token => undef],
);

for my $case (@table) {
    my ($name, $statuses, %option) = @$case;
    my $response = $nginx->websocket(token => $token, %option)->response;
    my $status   = $response->status;

    ok((grep { $_ == $status } ref $statuses ? @$statuses : $statuses),
        "$name: refused") || diag("status $status");
}

my $version = $nginx->websocket(token => $token,
    headers => { 'Sec-WebSocket-Version' => 8 })->response;

is($version->header('Sec-WebSocket-Version'), 13,
    'the version that would do is named');
my $none = $nginx->websocket(token => $token, protocols => [])->response;

is_problem($none, '426 subprotocol-required',
    'the reason is a problem document');
is($none->header('Upgrade'), 'websocket', '426 says what to upgrade to');


done_testing;

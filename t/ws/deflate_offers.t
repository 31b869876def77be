use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Which offers of permessage-deflate are taken: RFC 7692, section 7.1.

my $nginx = Otter::Nginx->start(server => 'otter_deflate on;');
my $taken = 'permessage-deflate; server_no_context_takeover; '
    . 'client_no_context_takeover';

my @offers = (
    ['permessage-deflate', 101, $taken],
    ['permessage-deflate; server_max_window_bits=8', 101, undef],
    ['permessage-deflate; server_max_window_bits=8, permessage-deflate',
        101, $taken],
    ['permessage-deflate; server_max_window_bits="10"', 101,
        "$taken; server_max_window_bits=10"],
    ['permessage-deflate; unknown', 101, undef],
    ['x-webkit-deflate-frame', 101, undef],
    ['permessage-deflate; =', 400],
    ['permessage-deflate "', 400],
);

for my $offer (@offers) {
    my ($value, $status, $answer) = @$offer;
    my $ws = $nginx->websocket(token => mint($nginx->key), deflate => $value);

    is($ws->status, $status, "$value: $status");
    is($ws->extensions, $answer, 'and its answer') if $status == 101;
    is_problem($ws->response, '400 bad-handshake', 'a problem')
        if $status == 400;
}

my $ws = $nginx->websocket(token => mint($nginx->key), headers =>
    { 'Sec-WebSocket-Extensions' => ['x-other', 'permessage-deflate'] });

is($ws->extensions, $taken, 'the header may come more than once');

my $off = Otter::Nginx->start;

$ws = $off->websocket(token => mint($off->key), deflate => 'permessage-deflate');
is($ws->status, 101, 'off by default');
is($ws->extensions, undef, 'and then not negotiated');


done_testing;

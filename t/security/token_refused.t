use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Every bad token is a 401 with the same code by GET session and by the
# WebSocket handshake, and the server goes on.

use Otter::BadTokens qw(bad_tokens);

my $hs = Otter::Key->hs256('hs');
my $es = Otter::Key->es256('es');

my $nginx = Otter::Nginx->start(
    keys => [$hs, $es],
    http => 'large_client_header_buffers 4 64k;',
);

for my $bad (bad_tokens($hs, $es)) {
    my $session = $nginx->http->get('session', bearer => $bad->{token});
    my $socket  = $nginx->websocket(token => $bad->{token})->response;

    is_problem($session, "401 $bad->{code}", "$bad->{name}: session");
    is_problem($socket, "401 $bad->{code}", "$bad->{name}: socket");
    like($socket->header('WWW-Authenticate') // '', qr/^Bearer/,
        "$bad->{name}: the challenge");
}

for my $key ($hs, $es) {
    is($nginx->http->get('session', bearer => mint($key))->status, 200,
        'a good token of key ' . $key->kid);
}


done_testing;

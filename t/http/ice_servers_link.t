use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET ice-servers names each URI in a Link header as well (RFC 9725).

my $nginx = Otter::Nginx->start(
    turn_secrets => ['north'],
    server       => 'otter_turn_uri stun:127.0.0.1:3478
                         turn:127.0.0.1:3478?transport=udp
                         turns:turn.example:443?transport=tcp;',
);

my $response = $nginx->http->get('ice-servers', bearer => mint($nginx->key));

my %link = map { /^<([^>]+)>(.*)/ }
    map { split /,\s*(?=<)/ } $response->headers('Link');

is_deeply([sort keys %link], ['stun:127.0.0.1:3478',
    'turn:127.0.0.1:3478?transport=udp',
    'turns:turn.example:443?transport=tcp'], 'a link for each URI');

like($_, qr/; *rel="?ice-server"?(?:;|$)/, 'its relation') for values %link;

unlike($link{'stun:127.0.0.1:3478'}, qr/credential/, 'STUN is open to all');

my ($server) = grep { $_->{credential} }
    @{ $response->json->{ice_servers} };

for my $uri (grep { /^turn/ } sort keys %link) {
    like($link{$uri}, qr/; *username="\Q$server->{username}\E"/, 'username');
    like($link{$uri}, qr/; *credential="[^"]+"/, 'credential');
    like($link{$uri}, qr/; *credential-type="password"/, 'credential-type');
}


done_testing;

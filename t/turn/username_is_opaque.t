use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The username of a TURN credential travels in clear: it tells nobody who the
# peer is and where, and coturn takes it whatever the identity.

use Otter::Coturn;

my $coturn = Otter::Coturn->start(secrets => ['north-secret']);

my $nginx = Otter::Nginx->start(
    turn_secrets => ['north-secret'],
    server       => 'otter_turn_uri turn:127.0.0.1:' . $coturn->port
        . '?transport=udp;',
);

sub credential (%claim) {
    my $answer = $nginx->http->get('ice-servers',
        bearer => mint($nginx->key, %claim))->json;

    return @{ $answer->{ice_servers}[0] }{qw(username credential)};
}

sub id (@claim) {
    return (credential(@claim))[0] =~ s/^\d+://r;
}

my $id = id(sub => 'alice', room => 'standup');

like($id, qr/^[\w-]{22,451}$/, 'letters that any server takes');
unlike($id, qr/alice|standup/, 'neither identity nor room stand there');
is(id(sub => 'alice', room => 'standup'), $id,
    'a peer keeps it, as quotas need it');
isnt(id(sub => 'alice', room => 'retro'), $id, 'another room has another');
isnt(id(sub => 'Alice', room => 'standup'), $id, 'another identity too');

my $odd = "al 'ice\" \\\\ union select";

ok($coturn->relays(credential(sub => $odd)), 'coturn takes an odd identity');
ok($coturn->relays(credential(sub => 'i' x 128, room => 'r' x 128)),
    'and the longest one');


done_testing;

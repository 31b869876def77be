use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Fresh ICE servers come before the old credentials end.

my $nginx = Otter::Nginx->start(
    turn_secrets => ["0123456789abcdef" x 2],
    server => 'otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478;'
        . ' otter_turn_ttl 3s;');
my $alice = Otter::Peer->enter($nginx, 'alice');
my $last  = $alice->welcome;

for my $round (1 .. 2) {
    my $fresh = $alice->expect('ice-servers', 10);

    has_members($fresh, [qw(seq type ice_servers ice_expires_at)],
        'ice-servers');
    ok(time <= epoch($last->{ice_expires_at}), 'before the old ones end');
    cmp_ok(epoch($fresh->{ice_expires_at}), '>',
        epoch($last->{ice_expires_at}), 'and with a later end');
    isnt($fresh->{ice_servers}[1]{credential},
        $last->{ice_servers}[1]{credential}, 'fresh credentials');
    is_deeply([map { @{ $_->{urls} } } @{ $fresh->{ice_servers} }],
        ['stun:127.0.0.1:3478', 'turn:127.0.0.1:3478'], 'the same servers');
    $last = $fresh;
}


done_testing;

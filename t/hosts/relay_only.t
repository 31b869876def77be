use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Where peers meet over relays alone, no host gives out a STUN server, also one
# that does not hold the room.

use Otter::Hosts;

my @stun = ('stun:127.0.0.1:3478');
my @turn = ('turn:127.0.0.1:3478');

my $hosts = Otter::Hosts->start(workers => 2, api_keys => [{ id => 'main' }],
    turn_secrets => ['north' x 8], server => "otter_turn_uri @stun @turn;");
my @http = map { $hosts->nginx($_)->http } 0, 1;
my @key  = map { $hosts->nginx($_)->api_key('main') } 0, 1;

sub urls ($answer) {
    return [map { @{ $_->{urls} } } @{ $answer->json->{ice_servers} }];
}

sub links ($answer) {
    return [map { /<([^>]+)>/g } $answer->headers('Link')];
}

sub gives ($room, @expected) {
    my $token = mint($hosts->key, sub => 'eve', room => $room);

    for my $at (0, 1) {
        my $answer = $http[$at]->get('ice-servers', bearer => $token);

        is_deeply(urls($answer), \@expected, "$room: ice-servers, host $at");
        is_deeply(links($answer), \@expected, "$room: its Link");

        $answer = $http[$at]->post('token', { room => $room },
            bearer => $key[$at]);

        is($answer->status, 200, "$room: a token of host $at");
        is_deeply(urls($answer), \@expected, 'with the servers');
        is($answer->json->{room}, $room, 'of the room');
    }
}

is($http[0]->post('rooms', { room => 'relayed', relay_only => \1 },
    bearer => $key[0])->status, 201, 'a room at host 0');

gives('relayed', @turn);
gives('none', @stun, @turn);

my $alice = Otter::Peer->enter($hosts, 'alice', at => 0, room => 'open');

gives('open', @stun, @turn);
$alice->leave;

is_deeply(urls($http[1]->get('ice-servers', bearer => $key[1])),
    [@stun, @turn], 'a key is of no room');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# PATCH changes a room's policy, answers with the room, and its members hear
# of it.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;
my @peers = peers($nginx, qw(alice bob carol));

sub patch ($json, %option) {
    return $http->request(PATCH => 'rooms/den', json => $json, bearer => $key,
        %option);
}

sub told (@members) {
    for my $peer (@peers) {
        my $update = $peer->expect('room-updated');

        has_members($update, [qw(seq type room)], $peer->identity . ' hears');
        ok(!exists $update->{room}{peers}, 'of the room without its peers');
        is_deeply($update->{room}{ $members[0] }, $members[1], $members[0]);
    }
}

my $answer = patch({ locked => true });

is($answer->status, 200, 'changed');
has_members($answer->json, [qw(room status locked lobby relay_only max_peers
    peers created_at updated_at)], 'with the room');
is($answer->json->{locked}, true, 'as it is now');
is(scalar @{ $answer->json->{peers} }, 3, 'and its peers');
told(locked => true);

my $update = $peers[0]->text;

like($update, qr/"room":\{"room":"den","status":"occupied","locked":true,
    "lobby":false,"relay_only":false,"max_peers":8,/x, 'in the usual order');

is(Otter::Peer->knock($nginx, 'dave')->ws->status, 403, 'nobody comes in');

my $one = Otter::Peer->enter($nginx, 'erin',
    claims => { role => 'moderator' });

push @peers, $one;
ok($_->expect('peer-joined'), 'but for a moderator') for @peers[0 .. 2];

is(patch({ locked => false, relay_only => true })->json->{relay_only}, true,
    'relay only');
told(relay_only => true);

is(patch({ max_peers => 3 })->json->{status}, 'full',
    'fewer than there are: full');
told(max_peers => 3);
ok($_->is_quiet, $_->identity . ' stays') for @peers;
is(Otter::Peer->knock($nginx, 'dave')->ws->status, 409, 'nobody else fits');

is(patch({ max_peers => 5 })->json->{status}, 'occupied', 'more');
told(max_peers => 5);

is_deeply(patch({ metadata => { topic => 'otters' } })->json->{metadata},
    { topic => 'otters' }, 'metadata');
told(metadata => { topic => 'otters' });
ok(!exists patch({ metadata => undef })->json->{metadata}, 'null: none');
told(metadata => undef);

is(patch({})->json->{max_peers}, 5, 'nothing is no change');
told(max_peers => 5);

is_deeply(Otter::Peer->enter($nginx, 'dave')->welcome->{room}{relay_only},
    true, 'who comes later is told by the welcome');


done_testing;

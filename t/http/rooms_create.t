use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# POST rooms fetches a room or creates it.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my %as    = (bearer => $nginx->api_key);
my $http  = $nginx->http;

my $created = $http->post('rooms', { room => 'den', max_peers => 3 }, %as);
my $room    = $created->json;

is($created->status, 201, 'created');
has_members($room, [qw(room status locked lobby relay_only max_peers peers
    created_at updated_at)], 'the members of the contract');

is($room->{room}, 'den', 'room');
is($room->{status}, 'open', 'status');
is($room->{max_peers}, 3, 'max_peers');
is_deeply($room->{peers}, [], 'peers');
is_time($room->{$_}, time, 5, $_) for qw(created_at updated_at);

for my $flag (qw(locked lobby relay_only)) {
    ok(is_boolean($room->{$flag}), "$flag is a boolean");
    ok(!$room->{$flag}, "$flag is off");
}

my $fetched = $http->post('rooms', { room => 'den' }, %as);

is($fetched->status, 200, 'the second time it is there');
is_deeply($fetched->json, $room, 'unchanged');
is_deeply($http->get('rooms/den', %as)->json, $room, 'and can be got');


done_testing;

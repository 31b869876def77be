use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room is closed when its time has come, which PATCH moves.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;

my $made = $http->post('rooms', { room => 'den', expires_in => 3600 },
    bearer => $key)->json;

is_time($made->{expires_at}, time + 3600, 3, 'an hour');

my $alice = Otter::Peer->enter($nginx, 'alice');

sub patch ($json) {
    return $http->request(PATCH => 'rooms/den', json => $json,
        bearer => $key);
}

ok(!exists patch({ expires_in => undef })->json->{expires_at}, 'null: never');
ok(!exists $alice->expect('room-updated')->{room}{expires_at}, 'as told');

is_time(patch({ expires_in => 2 })->json->{expires_at}, time + 2, 2,
    'two seconds');
ok($alice->expect('room-updated')->{room}{expires_at}, 'as told');

is($alice->close_code(8), 4404, 'closed with 4404');

my ($bye) = grep { $_->{type} eq 'bye' } $alice->last_messages;

is($bye->{reason}, 'expired', 'after a bye');
is($http->get('rooms/den', bearer => $key)->status, 404, 'it is no more');
is($alice->try_resume->status, 401, 'nor is the session');


done_testing;

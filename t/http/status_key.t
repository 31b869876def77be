use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The metrics below the prefix, for an API key of the scope "admin" that is for
# all rooms.

my $nginx = Otter::Nginx->start(
    api_keys => [
        { id => 'admin', scopes => 'admin' },
        { id => 'rooms', scopes => 'rooms,token,turn' },
        { id => 'some',  scopes => 'admin', rooms => 'den-*' },
        { id => 'any' },
    ],
);

my $http = $nginx->http;

for my $id (qw(admin any)) {
    my $status = $http->get('status', bearer => $nginx->api_key($id));

    is($status->status, 200, "$id: the status");
    is($status->content_type, 'application/json', 'as JSON');
    is($status->json->{sessions}, 0, 'with numbers');
}

my ($peer) = peers($nginx, 'alice', { room => 'den' });

is($http->get('status', bearer => $nginx->api_key('admin'))->json->{sessions},
    1, 'of this moment');

is_problem($http->get('status'), '401 auth-required', 'nobody');
is_problem($http->get('status', bearer => mint($nginx->key, room => 'den',
    role => 'moderator')), '401 key-required', 'a moderator');
is_problem($http->get('status', bearer => $nginx->api_key('rooms')),
    '403 key-scope', 'a key without the scope');
is_problem($http->get('status', bearer => $nginx->api_key('some')),
    '403 key-room', 'a key for some rooms');
is_problem($http->request(POST => 'status',
    bearer => $nginx->api_key('admin'), json => {}), '405 method-not-allowed', 'nothing to write');


done_testing;

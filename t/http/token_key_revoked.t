use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A revoked key is refused, a reload or not.

use Otter::Keys qw(revoke_api_key);

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }, { id => 'other' }],
);

sub status_for ($id) {
    return $nginx->http->post('token', { room => 'den' },
        bearer => $nginx->api_key($id))->status;
}

is(status_for('main'), 200, 'valid at first');

revoke_api_key($nginx->path('keys.json'), 'main');

ok(eventually(1, sub { status_for('main') == 401 }), 'refused afterwards');

$nginx->reload;

is(status_for('main'), 401, 'after a reload too');
is(status_for('other'), 200, 'the other key stays');


done_testing;

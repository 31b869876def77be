use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A reload brings new limits and keys into force.

use Otter::Keys qw(write_jwk_set write_private);

my $old   = Otter::Key->hs256('old');
my $new   = Otter::Key->hs256('new');
my $nginx = Otter::Nginx->start(keys => [$old],
    server => 'otter_max_peers 1;');
my $http  = $nginx->http;

my $alice = Otter::Peer->enter($nginx, 'alice');

is(Otter::Peer->knock($nginx, 'bob')->ws->status, 409, 'one place');
is($http->get('session', bearer => mint($new))->status, 401, 'a key to come');

write_jwk_set($nginx->path('jwt.json'), $new, $old);
write_private($nginx->path('nginx.conf'),
    $nginx->conf =~ s/otter_max_peers 1/otter_max_peers 2/r, 0644);
$nginx->reload;

is($alice->close_code(15), 1012, 'told');
$alice->resume;
ok($nginx->old_workers_leave(10), 'reloaded');

is($http->get('session', bearer => mint($new))->status, 200, 'the new key');
is($http->get('session', bearer => mint($old))->status, 200, 'the old one');
peers($nginx, qw(bob carol), { room => 'lodge' });
pass('a new room takes two');


done_testing;

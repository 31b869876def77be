use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A moderator's token closes its own room, and no other; a participant's none.

my $nginx = Otter::Nginx->start(server => '');
my $http  = $nginx->http;
my $alice = Otter::Peer->enter($nginx, 'alice');

sub close_den (%claims) {
    return $http->delete('rooms/den', bearer => mint($nginx->key, %claims));
}

is_problem(close_den(role => 'participant'), '403 not-moderator',
    'a participant');
is_problem(close_den(), '403 not-moderator', 'a token without a role');
is_problem(close_den(role => 'moderator', room => 'lodge'),
    '403 not-moderator', 'a moderator of another room');
is_problem(close_den(role => 'moderator', exp => 1), '401 token-expired',
    'an expired moderator');

ok($alice->is_quiet, 'the room goes on');
like(close_den(role => 'moderator')->status, qr/^20[04]$/, 'its moderator');
is($alice->close_code, 4404, 'the room is closed');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# DELETE rooms/{room} closes a room: bye to everyone, then 4404.

my $nginx = Otter::Nginx->start(
    workers  => 2,
    listen   => 'reuseport',
    api_keys => [{ id => 'main' }],
);

my %as    = (bearer => $nginx->api_key);
my $http  = $nginx->http;
my @peers = peers($nginx, qw(alice bob carol dave));
my $other = Otter::Peer->enter($nginx, 'erin', room => 'lodge');

my $deleted = $http->delete('rooms/den', %as);

like($deleted->status, qr/^20[04]$/, 'closed');

for my $peer (@peers) {
    is($peer->close_code, 4404, $peer->identity . ' is closed with 4404');

    my ($bye) = reverse $peer->last_messages;

    is($bye->{type}, 'bye', 'after a bye');
    ok(length $bye->{reason}, 'that has a reason');
    ok(!exists $bye->{retry_after_ms}, 'and no time to come again');
}

ok($other->is_quiet, 'another room hears nothing');

is_problem($http->delete('rooms/lodge2', %as), '404 room-not-found',
    'no such room');
is_problem($http->delete('rooms/lodge'), '401 auth-required',
    'not without a key');
is($http->get('rooms/lodge', %as)->json->{status}, 'occupied',
    'which changed nothing');


done_testing;

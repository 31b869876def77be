use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# Sessions, rooms, messages and bytes are counted while sockets are open, and
# by every worker.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    server => "otter_max_peers 3;\n$Otter::Status::status_conf",
    api_keys => [{ id => 'main', scopes => 'rooms,token' }]);

is_deeply(status($nginx)->{rooms}, { open => 0, occupied => 0, full => 0,
    closed => 0 },
    'no room');

my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));
my ($dave) = peers($nginx, 'dave', { room => 'other' });

$_->expect('room-updated') for $alice, $bob;

$nginx->http->post('rooms', { room => 'waiting' },
    bearer => $nginx->api_key);
$nginx->http->post('token', { room => 'waiting' },
    bearer => $nginx->api_key);

my $before = status($nginx);

is_deeply($before->{rooms}, { open => 1, occupied => 1, full => 1,
    closed => 0 },
    'a room of each status');
is($before->{sessions}, 4, 'sessions');
is($before->{sockets}, 4, 'sockets');
is($before->{workers}, 2, 'workers');
is($before->{joins}, 4, 'joins');
is($before->{tokens}, 1, 'tokens');

$alice->message('x' x 1000) for 1 .. 10;

for my $peer ($bob, $carol) {
    $peer->expect('message') for 1 .. 10;
}

my $after = status($nginx);
my %more  = map { $_ => $after->{$_} - $before->{$_} }
    qw(messages_received messages_sent received_bytes sent_bytes);

is($more{messages_received}, 10, 'messages received');
is($more{messages_sent}, 20, 'messages sent');
cmp_ok($more{received_bytes}, '>=', 10_000, 'bytes received');
cmp_ok($more{received_bytes}, '<', 11_000, 'and no more');
cmp_ok($more{sent_bytes}, '>=', 20_000, 'bytes sent');
cmp_ok($more{sent_bytes}, '<', 22_500, 'and no more');

$dave->drop;
ok(eventually(5, sub { status($nginx)->{sessions_away} == 1 }), 'away');

$dave->resume;
is(status($nginx)->{resumes}, 1, 'resumes');

$_->leave for $alice, $dave;

$after = status($nginx);

is($after->{leaves}, 2, 'leaves');
is($after->{sessions}, 2, 'sessions are fewer');
ok(eventually(5, sub { status($nginx)->{sockets} == 2 }),
    'sockets are fewer');


done_testing;

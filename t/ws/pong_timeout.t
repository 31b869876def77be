use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who does not answer a ping is closed with 4408.

use Time::HiRes qw(time);

my $nginx = Otter::Nginx->start(
    server => 'otter_ping_interval 500ms; otter_ping_timeout 500ms;');

my $bob   = Otter::Peer->enter($nginx, 'bob');
my $alice = Otter::Peer->enter($nginx, 'alice', auto_pong => 0);
my $start = time;

$bob->expect('peer-joined');

my $ping = $alice->ws->next_event(3);

is($ping->{type}, 'ping', 'a ping comes');
is($alice->close_code, 4408, 'unanswered, it is the last');
cmp_ok(time - $start, '>=', 0.8, 'not too early');
cmp_ok(time - $start, '<', patience(2.5), 'nor late');

like($bob->next->{type}, qr/^peer-(?:away|left)$/, 'others hear of it');

my $carol = Otter::Peer->enter($nginx, 'carol', room => 'lodge');

ok(!defined $carol->ws->next_event(2.5), 'who answers stays');
$carol->ws->pong('unasked');
ok($carol->is_quiet, 'and is heard');


done_testing;

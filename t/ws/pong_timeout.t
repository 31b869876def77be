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

my (@heard, @events);

# Bob answers his pings meanwhile.
eventually(5, sub {
    push @heard, $bob->pending;
    push @events, $alice->ws->next_event(0.05) // ();

    return @events && $events[-1]{type} eq 'close';
});

is($events[0]{type}, 'ping', 'a ping comes');
is($events[-1]{code}, 4408, 'unanswered, it is the last');
is(scalar @events, 2, 'there was nothing else');
cmp_ok(time - $start, '>=', 0.8, 'not too early');
cmp_ok(time - $start, '<', patience(2.5), 'nor late');

push @heard, $bob->next if !@heard;
like($heard[0]{type}, qr/^peer-(?:away|left)$/, 'others hear of it');

ok(!defined $bob->ws->next_event(2), 'who answers stays');
ok($bob->is_quiet, 'and is heard');


done_testing;

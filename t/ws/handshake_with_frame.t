use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Frames sent in one write with the handshake are not lost.

my $nginx = Otter::Nginx->start;
my ($bob) = peers($nginx, 'bob');

my $alice = Otter::Peer->enter($nginx, 'alice', with => join '',
    map { frame(payload => to_json({ type => 'message', data => $_ })) }
    1 .. 3);

$bob->expect('peer-joined');
is($bob->expect('message')->{data}, $_, "message $_") for 1 .. 3;

my $half = frame(payload => '{"type":"message","data":"in two"}');
my $carol = Otter::Peer->enter($nginx, 'carol', with => substr $half, 0, 9);

$carol->ws->send_raw(substr $half, 9);
$bob->expect('peer-joined');
is($bob->expect('message')->{data}, 'in two', 'nor is half a frame');


done_testing;

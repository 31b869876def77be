use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# A handshake has client_header_timeout to come; what takes longer is given up
# and counted.

use IO::Socket::IP;

my $nginx = Otter::Nginx->start(
    server => "client_header_timeout 2s; $Otter::Status::status_conf");

my $alice = Otter::Peer->enter($nginx, 'alice', pace => 0.001);

is($alice->welcome->{self}{identity}, 'alice', 'one that comes in time');

my $socket = IO::Socket::IP->new(PeerHost => '127.0.0.1',
    PeerPort => $nginx->port) or die "connect: $@";

syswrite $socket, "GET /otter/ws HTTP/1.1\r\nHost: a\r\nUpgrade: web";

ok(eventually(20, sub { status($nginx)->{refusals}{'request-timeout'} == 1 }),
    'one that does not is counted');
is(sysread($socket, my $rest, 4096), 0, 'and closed without an answer');
ok($alice->is_quiet, 'the other goes on');


done_testing;

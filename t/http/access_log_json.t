use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Paths qw($root);
use Otter::Test;

# The access log of conf.d/nginx/access-log.conf: each line is JSON, whatever
# a client has in its request.

my $nginx = Otter::Nginx->start(
    http   => "include $root/conf.d/nginx/access-log.conf;",
    server => 'access_log %prefix%/otter.log otter_json if=$otter_logged;
        location / { return 204; }',
);

my $alice = Otter::Peer->enter($nginx, 'al"i\\ce');

$alice->message(1);
$alice->leave;

$nginx->http->get('no-such-path',
    headers => ['User-Agent' => "a\"b\\c\x{1}\xff"]);
$nginx->http->get('health');
$nginx->http->get('/elsewhere');

ok($nginx->logs(qr/ws.*\n.*no-such-path.*\n|no-such-path.*\n.*ws.*\n/,
    file => 'otter.log'), 'the lines are written');

my @lines = split /\n/, $nginx->read('otter.log');

is(scalar @lines, 2, 'health and what is not Otter are left out');

my ($ws, $call) = sort { $b->{uri} cmp $a->{uri} }
    map { my $line = $_;
          eval { from_json($line =~ s/\xff/?/r) } // fail("no JSON: $line") }
    @lines;

is($ws->{uri}, '/otter/ws', 'the socket');
is($ws->{status}, 101, 'its status');
is($ws->{identity}, 'al"i\\ce', 'its identity, escaped');
is($ws->{room}, 'den', 'its room');
is($ws->{peer}, $alice->id, 'its peer');
is($ws->{close_code}, '1000', 'its close code');
is($ws->{messages_in}, '2', 'its messages');
is($call->{status}, 404, 'the call');
is($call->{room}, '', 'of no room');
like($call->{user_agent}, qr/^a"b\\c\x{1}/, 'what the client called itself');


done_testing;

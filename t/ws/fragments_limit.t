use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# A message of 1024 frames is taken; one of more closes with 1009, counted.

my $limit = 1024;
my $nginx = Otter::Nginx->start(server => $Otter::Status::status_conf);
my ($bob) = peers($nginx, 'bob');


sub frames ($n) {
    my $text = '{"type":"message","data":"' . 'x' x $n . '"}';

    # The last one has what is left.
    return frame(payload => substr($text, 0, 1), fin => 0)
        . join('', map { frame(payload => substr($text, $_, 1), fin => 0,
            opcode => 'continuation') } 1 .. $n - 2)
        . frame(payload => substr($text, $n - 1), opcode => 'continuation');
}


for my $n ($limit - 1, $limit) {
    my $alice = Otter::Peer->enter($nginx, 'alice');

    $bob->expect('peer-joined');
    $alice->ws->send_raw(frames($n));
    is(length $bob->expect('message')->{data}, $n, "$n frames");
    is($alice->leave, 1000, 'all is well');
    $bob->expect('peer-left');
}

my $alice = Otter::Peer->enter($nginx, 'alice', room => 'lodge');

$alice->ws->send_raw(frames($limit + 1));
is($alice->close_code, 1009, 'one more: 1009');

ok(eventually(10, sub { status($nginx)->{closes}{1009} == 1 }), 'counted');
ok($bob->is_quiet, 'nothing of it was relayed');


done_testing;

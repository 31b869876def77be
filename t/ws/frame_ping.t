use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Pings are answered with their own payload, in order.

my $nginx = Otter::Nginx->start;
my ($alice) = peers($nginx, 'alice');
my $ws      = $alice->ws;

for my $payload ('', 'x', "\0\xff" x 62, 'y' x 125) {
    $ws->ping($payload);

    my $answer = $ws->next_event;

    is($answer->{type}, 'pong', 'a pong');
    is($answer->{data}, $payload, length($payload) . ' bytes');
}

my $ping = frame(opcode => 'ping', payload => 'in two writes');

$ws->send_slowly($ping, int length($ping) / 2, 0.05);
is($ws->next_event->{data}, 'in two writes', 'split over two writes');

$ws->send_slowly($ping, 1);
is($ws->next_event->{data}, 'in two writes', 'byte by byte');

$ws->pong('unasked');
ok($alice->is_quiet, 'an unasked pong is passed over');

$ws->send_raw(join '', map { frame(opcode => 'ping', payload => $_) } 1 .. 5);
is($ws->next_event->{data}, $_, "ping $_ of one write") for 1 .. 5;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room that sends more than the way to another worker takes is held back:
# nothing is lost, and other rooms do not notice.

use Otter::Placed qw(enter_at other_worker status_at);

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    mount  => 'otter_signaling on; location = /status { otter_status; }',
    server => 'otter_message_rate 1000; otter_send_buffer 16m;');

my $alice = Otter::Peer->enter($nginx, 'alice', room => 'loud');
my $here  = $nginx->worker_of($alice->ws->socket);
my $there = other_worker($nginx, $here);
my $bob   = enter_at($nginx, $there, 'bob', room => 'loud');
my $carol = enter_at($nginx, $here,  'carol', room => 'still');
my $dave  = enter_at($nginx, $there, 'dave', room => 'still');

$_->pending for $alice, $carol;

for my $size (10_000, 62_000) {
    my $count = int 1_200_000 / $size;
    my $text  = 'x' x $size;

    # Asleep: all that is for bob has to wait.
    kill STOP => $there;

    $alice->message([$_, $text]) for 1 .. $count;
    $carol->signal($dave, 'in between');

    # Answered when all that came before it was taken.
    $carol->signal('nobody', 1);
    is($carol->expect('error')->{code}, 'no-such-peer',
        'the other room is not held back');

    kill CONT => $there;

    is($dave->expect('signal')->{data}, 'in between', 'it got through');

    my @heard = map { $bob->expect('message', 10)->{data}[0] } 1 .. $count;

    is_deeply(\@heard, [1 .. $count],
        "$count messages of $size bytes, in order");
}

ok($_->is_quiet, $_->identity . ' got nothing else')
    for $alice, $bob, $carol, $dave;

my $status = status_at($nginx);

cmp_ok($status->{bus_waits}, '>', 0, 'messages had to wait');
is($status->{bus_full}, 0, 'none was lost');
is($status->{resyncs}, 0, 'nobody was told to resync');


done_testing;

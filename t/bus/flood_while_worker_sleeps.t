use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A worker takes nothing for seconds.  A room that has too much for it is told
# to resync there, and only that one; the sender is not held back for ever.

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

kill STOP => $there;

my $count = 200;

$alice->message([$_, 'x' x 10_000]) for 1 .. $count;
$carol->signal($dave, $_) for 1 .. 20;

$alice->signal('nobody', 1);
is($alice->expect('error', 15)->{code}, 'no-such-peer',
    'the sender goes on after a while');

kill CONT => $there;

my @heard;

while (my $message = $bob->next(10)) {
    last if $message->{type} eq 'resync';

    push @heard, $message->{data}[0];
}

is_deeply(\@heard, [1 .. @heard], 'what fitted comes in order');
cmp_ok(scalar @heard, '<', $count, 'then a resync');

$alice->message('on');
is($bob->expect('message')->{data}, 'on', 'and the room goes on');

is_deeply([map { $dave->expect('signal')->{data} } 1 .. 20], [1 .. 20],
    'the other room lost nothing');
ok($dave->is_quiet, 'and is not told to resync');
is(status_at($nginx)->{resyncs}, 1, 'there was one resync');


done_testing;

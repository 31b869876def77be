use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(status);
use Otter::Test;

# Counters never go back: not with a reload, nor with a worker that is killed.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    server => "otter_resume_timeout 1s;\n$Otter::Status::status_conf");

my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->message($_) for 1 .. 5;
$bob->expect('message') for 1 .. 5;

is(status($nginx)->{messages_received}, 5, 'counted');

$nginx->reload;
$_->close_code for $alice, $bob;
$nginx->old_workers_leave(15);

is(status($nginx)->{messages_received}, 5, 'and after a reload');
is(status($nginx)->{joins}, 2, 'joins as well');

my ($carol, $dave) = peers($nginx, qw(carol dave), { room => 'other' });

$carol->message(1);
$dave->expect('message');

$nginx->kill_worker($nginx->worker_of($carol->ws->socket));

ok(eventually(10, sub {
    my $status = eval { status($nginx) } // return 0;

    return $status->{workers} == 2 && $status->{messages_received} == 6;
}), 'and after a worker was killed');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# On SIGTERM what is under way is waited for and done once; what is not, waits
# for another worker.  One that takes longer than "drain" is given up here,
# and comes again from there.

use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks;
use Time::HiRes qw(time);

my $redis    = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { timeout => '8s', lease => '20s', drain => '6s' },
    endpoints => { hook => { url => $receiver->url('hook') } },
);
my $pid = $webhooks->start;


# The one whose answer takes a while, and one more of the same room.

$receiver->answer(hook => 204, after => 2);

my @ids   = map { $webhooks->emit('den') } 1 .. 2;
my $begin = time;

is(scalar $receiver->wait_for(hook => 1), 1, 'one is under way');
is($webhooks->stop($pid), 0, 'asked to end, it ends');
cmp_ok(time - $begin, '>=', 1.5, 'when that one is done');
like($webhooks->log, qr/ends; 1 under way/, 'it says so');

$receiver->answer(hook => 204);
$pid = $webhooks->run_worker;

my @came = $receiver->wait_for(hook => 2);

is_deeply([map { $_->{id} } @came], \@ids,
    'another worker goes on with the next one');


# Too slow for this worker's patience.

$webhooks->configure(conf => { timeout => '8s', lease => '20s',
    drain => '300ms' });
is($webhooks->stop($pid), 0, 'it ends');
$receiver->answer(hook => 204, after => 6);
$pid = $webhooks->run_worker;

my $late = $webhooks->emit('den');

is(scalar $receiver->wait_for(hook => 3), 3, 'one is under way again');
$begin = time;
is($webhooks->stop($pid), 0, 'it ends');
cmp_ok(time - $begin, '<', 5, 'without its answer');

$receiver->answer(hook => 204);
$webhooks->run_worker;
ok(eventually(40, sub {
    return 2 <= grep { $_->{id} eq $late } $receiver->requests('hook');
}), 'it is sent again');


done_testing;

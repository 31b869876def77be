use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without Redis the peers of one host go on, health says degraded, and all is
# well by itself when it comes back: also for those who joined meanwhile.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2);
my @pids  = map { $hosts->nginx($_)->worker_pids } 0, 1;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');

$hosts->redis->stop;
ok($hosts->heals(10, 'degraded'), 'health says degraded');

for my $n (1 .. 50) {
    $alice->signal($bob, $n);
    is($bob->expect('signal')->{data}, $n, "signal $n") if $n % 10 == 0;
    $bob->expect('signal') if $n % 10;
}

$bob->message('to those who hear');
is($alice->expect('message')->{data}, 'to those who hear', 'a message too');

$alice->signal($carol, 'far', ref => 'r');

my $error = $alice->expect('error');

is($error->{ref}, 'r', 'who can not be reached is an error');
isnt($error->{code}, 'no-such-peer', 'but still a peer');

my $dave = Otter::Peer->enter($hosts, 'dave', at => 0);
my $erin = Otter::Peer->enter($hosts, 'erin', at => 1);

ok((grep { $_->{identity} eq 'alice' } @{ $dave->welcome->{peers} }),
    'who joins sees those of its host');
$_->expect('peer-joined') for $alice, $bob;
$dave->signal($alice, 1);
is($alice->expect('signal')->{from}, $dave->id, 'and is heard');

$bob->drop;
$_->expect('peer-away') for $alice, $dave;
$alice->signal($bob, 'missed');
$bob->resume(at => 0);
is($bob->welcome->{resumed}, true, 'who drops resumes at its host');

# Reads on until all of these were seen.

sub reads ($peer, @types) {
    my %due = map { $_ => 1 } @types;

    while (%due) {
        my $message = $peer->next(15);

        delete $due{ $message->{type} };
        delete $due{"$message->{type} " . ($message->{peer}{identity} // '')}
            if ref $message->{peer};
    }

    return pass($peer->identity . " hears: @types");
}

$hosts->redis->start_again;
ok($hosts->heals(15), 'health says ok again');
reads($alice, 'peer-joined erin');
reads($carol, 'resync', 'peer-joined dave', 'peer-joined erin');
reads($erin, 'peer-joined dave');
reads($dave, 'peer-joined erin');

$erin->signal($dave, 'from afar');

my $next = $dave->next;

$next = $dave->next while $next->{type} ne 'signal';

is($next->{data}, 'from afar', 'and all hosts reach each other');

my $frank = Otter::Peer->enter($hosts, 'frank', at => 1);

is_deeply([sort map { $_->{identity} } @{ $frank->welcome->{peers} }],
    [qw(alice bob carol dave erin)], 'all are in the room');
is_deeply([map { $hosts->nginx($_)->worker_pids } 0, 1], \@pids,
    'by the same workers');


done_testing;

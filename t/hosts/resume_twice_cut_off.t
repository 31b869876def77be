use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While a host is cut off from Redis, a secret that was used there can be used
# once more at another host.  When they meet again the session is at the host
# that Redis knows to have it, and the other connection is closed with 4409.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

my ($secret, $seen) = ($bob->secret, $bob->seq);

$hosts->cable(1)->cut;
$bob->drop;

my $here = bless { %$bob }, ref $bob;

$here->resume(at => 1);
is($here->welcome->{resumed}, true, 'resumed at the host that is cut off');

my $there = bless { %$bob }, ref $bob;

$there->resume(at => 0, secret => $secret, seq => $seen);
is($there->welcome->{resumed}, true, 'and at another one');
is($there->expect('resync')->{self}{id}, $bob->id, 'with a resync');
is($_->response->status, 401, 'once')
    for $there->try_resume(at => 0, secret => $secret, seq => $seen);

$hosts->cable(1)->mend;
is($here->close_code(30), 4409, 'the one that was cut off is closed');
is(($here->last_messages)[-1]{type}, 'bye', 'with a bye');

$there->signal($alice, 'still here');

my $message = $alice->next(20);

$message = $alice->next(20) until $message->{type} eq 'signal';
is($message->{data}, 'still here', 'the other one goes on, and is heard');
ok($hosts->heals(20), 'health says ok again');
$alice->signal($there, 'still there?');

$message = $there->next(20);
$message = $there->next(20) until $message->{type} eq 'signal';
is($message->{data}, 'still there?', 'and hears');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The peers of a host that died are announced gone within 12 seconds, and
# leave nothing behind.

use Otter::Hosts;
use Time::HiRes qw(sleep time);

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

# A room that nobody of the other host is in.
my $alone = Otter::Peer->enter($hosts, 'bob', at => 1, room => 'lodge');

$alice->expect('peer-joined') for 1, 2;
sleep 3;
is(scalar(my @none = $alice->pending), 0, 'nobody is gone before');

my $died = time;

$hosts->kill(1);

my %left;

while (keys %left < 2 && time < $died + patience(20)) {
    my $message = $alice->next(20);

    next if $message->{type} eq 'peer-away';

    is($message->{type}, 'peer-left', 'one left');
    is($message->{reason}, 'timeout', 'timeout');
    $left{ $message->{peer} } = 1;
}

is_deeply(\%left, { map { $_->id => 1 } $bob, $carol }, 'both are gone');
cmp_ok(time - $died, '<', patience(12), 'in time');

my $anew = Otter::Peer->enter($hosts, 'bob');

is_deeply($anew->welcome->{peers}, [$alice->welcome->{self}],
    'who joins sees them no more');
is($alice->expect('peer-joined')->{peer}{id}, $anew->id, 'and is seen');
ok($alice->is_quiet, 'nothing else comes');
$_->leave for $alice, $anew;

# The name of a room that went with its host is taken out by who comes across
# it, and what was told of it by otter-webhooks.

ok(eventually(45, sub {
    !grep { !/lease:|host:|rooms:|\{lodge\}:e/ }
        @{ $hosts->redis->command(qw(KEYS *)) };
}), 'no key of a room stays')
    || diag(join "\n", @{ $hosts->redis->command(qw(KEYS *)) });


done_testing;

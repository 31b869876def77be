use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A slot of a Redis cluster goes to another node step by step, while peers
# talk, one joins and one leaves: what is said is heard, in order, or told to
# be lost.

use Otter::Cluster;
use Otter::Hosts;

my $cluster = Otter::Cluster->start(masters => 2);
my $hosts   = Otter::Hosts->start(redis => $cluster, urls => $cluster->url,
    workers => 2);
my $slot  = $cluster->slot_of('{den}');
my $from  = $cluster->owner($slot);
my $to    = 1 - $from;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $sent  = 0;
my $last  = 0;

$alice->expect('peer-joined');


# A number after the last one that was heard; a jump is told by "resync".

sub talk ($name, $count = 20) {
    my $resync = 0;
    my $gaps   = 0;

    $alice->signal($bob, ++$sent) for 1 .. $count;

    while ($last < $sent) {
        my $message = eval { $bob->next($resync ? 3 : 10) };

        if (!$message) {

            # The last ones may be among those that are missing.
            $gaps++;
            $last = $sent;
            last;
        }

        $resync++ if $message->{type} eq 'resync';
        next if $message->{type} ne 'signal';

        my $jump = $message->{data} - $last;

        return fail("$name: after $last comes $message->{data}") if $jump < 1;

        $gaps++ if $jump > 1;
        $last = $message->{data};
    }

    note("$name: $gaps gaps, $resync resyncs");

    return ok(!$gaps || $resync, "$name: all is heard, or told to be lost");
}


talk('before');
$cluster->announce($slot, $to);
talk('announced');

my $carol = Otter::Peer->knock($hosts, 'carol', at => 0);

is($carol->ws->status, 101, 'announced: one may join');

1 while $cluster->migrate($slot, $to, $from, 1);
talk('the keys are there');

my $dave = Otter::Peer->knock($hosts, 'dave', at => 1);

is($dave->ws->status, 101, 'the keys are there: one may join');

$cluster->tell($slot, $to);
talk('moved') for 1 .. 5;

$_->leave for $carol, $dave;

ok($hosts->heals(10), 'health says ok');
ok(eventually(10, sub {
    return $cluster->node($to)->command('HLEN', 'otter:{den}:m') == 2;
}), 'who left is gone from Redis');
is($cluster->node($from)->command('PUBSUB', 'SHARDNUMSUB', 'otter:{den}')->[1],
    0, 'nobody listens to the old node');
cmp_ok($cluster->node($to)->command('PUBSUB', 'SHARDNUMSUB', 'otter:{den}')
    ->[1], '>=', 2, 'but to the new one');


done_testing;

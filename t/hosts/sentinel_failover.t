use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The master that the sentinels name is used, and the next one when it is
# replaced: killed at first, then on request, when the old one lives on.

use Otter::Hosts;
use Otter::Sentinel;

my $sentinel = Otter::Sentinel->start(password => 'secret');
my $hosts    = Otter::Hosts->start(redis => $sentinel,
    urls => $sentinel->url, workers => 2);
my ($alice, $bob) = map {
    Otter::Peer->enter($hosts, "p$_", at => $_)
} 0, 1;

$alice->expect('peer-joined');


# They find each other again: what they say may be answered by an error for a
# while, and then is heard.

sub talk ($name) {
    ok($hosts->heals(30), "$name: health says ok");

    my $heard = eventually(20, sub {
        $alice->signal($bob, $name);

        while (my $message = eval { $bob->next(0.3) }) {
            return 1 if $message->{type} eq 'signal'
                && $message->{data} eq $name;
        }

        return;
    });

    ok($heard, "$name: they talk");
}


talk('at first');

my $first = $sentinel->master;

$first->kill;
$sentinel->failed_over($first);
talk('the master was killed');

$first->start_again;
ok(eventually(20, sub {
    return (eval { $first->info('master_link_status') } // '') eq 'up';
}), 'it comes back as a replica');

my $second = $sentinel->master;

$sentinel->failover;
talk('another one was chosen');
isnt($sentinel->master->port, $second->port, 'it is another one');

is($second->command('PUBSUB', 'NUMSUB', 'otter:{den}')->[1], 0,
    'nobody listens to the old one');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Several URLs are places where one Redis may be: the first that is a master
# is used, by all hosts, and again when it has come back.

use Otter::Hosts;
use Otter::Redis;

my $first  = Otter::Redis->start;
my $second = Otter::Redis->start(
    conf => ['replicaof 127.0.0.1 ' . $first->port,
        'repl-diskless-sync-delay 0']);
my $third  = Otter::Redis->start;

$third->stop;

my $hosts = Otter::Hosts->start(redis => $first,
    urls => join ' ', map { $_->url } $third, $second, $first);
my ($alice, $bob) = map { Otter::Peer->enter($hosts, "p$_", at => $_) } 0, 1;

$alice->expect('peer-joined');


sub talk ($name) {
    my $heard = eventually(20, sub {
        $alice->signal($bob, $name);

        while (my $message = eval { $bob->next(0.3) }) {
            return 1 if $message->{type} eq 'signal'
                && $message->{data} eq $name;
        }

        return;
    });

    return ok($heard, "$name: they talk");
}


# The one where the room is.

sub at ($redis) {
    return eventually(20, sub {
        (eval { $redis->command('PUBSUB', 'NUMSUB', 'otter:{den}')->[1] }
            // 0) >= 2;
    });
}


ok(at($first), 'neither one that is down is used, nor a replica');
talk('at first');

$first->kill;
$second->command('REPLICAOF', 'NO', 'ONE');
ok(at($second), 'the replica became the master, and is used');
ok($hosts->heals(20), 'health says ok');
talk('the other one');

$third->start_again;
ok(at($third), 'one that stands before it is there again, and used');
ok($hosts->heals(20), 'health says ok');
talk('back');


done_testing;

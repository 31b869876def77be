use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Several workers share the rooms, in order; when one is killed, another has
# its rooms soon, and one that ends hands them over at once.

use Otter::Events qw(SHARDS);
use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks qw(body_of);

my $redis = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    endpoints => { hook => { url => $receiver->url('hook') } },
);
my @workers = ($webhooks->start, $webhooks->run_worker);
my %ids;


# How many shards each of the holders has.

sub holders () {
    my %holders;

    for my $shard (0 .. SHARDS - 1) {
        my $holder = eval {
            $redis->command('GET', "otter:{events:$shard}:lease");
        } // next;

        $holders{$holder}++ if length $holder;
    }

    return sort { $a <=> $b } values %holders;
}


sub emit_all ($n) {
    for my $room (map { "room-$_" } 1 .. 20) {
        push @{ $ids{$room} }, $webhooks->emit($room) for 1 .. $n;
    }
}


sub all_came ($name) {
    my $total = map { @$_ } values %ids;
    my %seen;

    ok(eventually(20, sub {
        %seen = map { $_->{id} => 1 } grep { $_->{status} == 204 }
            $receiver->requests('hook');
        return keys %seen == $total;
    }), "$name: all came") or diag(keys(%seen) . " of $total");

    my (%order, %first);

    for my $request ($receiver->requests('hook')) {
        next if $request->{status} != 204 || $first{ $request->{id} }++;
        push @{ $order{ body_of($request)->{data}{room}{room} } },
            $request->{id};
    }

    is_deeply(\%order, \%ids, '... in order');
}


ok(eventually(10, sub { join(' ', holders()) eq '8 8' }),
    'two workers have half of the shards each')
    or diag(join ' ', holders());

$receiver->answer(hook => 500, percent => 30);
emit_all(5);
all_came('two workers');

emit_all(5);
$webhooks->stop($workers[0], 'KILL');
emit_all(5);
all_came('one was killed');
is(join(' ', holders()), '16', 'the other one has all');

push @workers, $webhooks->run_worker;
ok(eventually(10, sub { join(' ', holders()) eq '8 8' }), 'a third one joins');

kill STOP => $workers[1];
ok(eventually(10, sub { join(' ', holders()) eq '16' }),
    'one that hangs loses its shards');
emit_all(3);
all_came('one hangs');
kill CONT => $workers[1];
emit_all(3);
ok(eventually(10, sub { join(' ', holders()) eq '8 8' }), 'it comes back');
all_came('it is back');

is($webhooks->stop($workers[2]), 0, 'one ends');
is(join(' ', holders()), '8', 'and gives back what it had, at once');
emit_all(3);
all_came('one ended');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room whose members are all on one host costs Redis nothing for a message.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2,
    server => 'otter_message_rate 10000;');
my $redis = $hosts->redis;
my @here  = peers($hosts, map({ "peer-$_" } 1 .. 4), { at => 0 });

sub exchange ($from, @to) {
    for my $n (1 .. 250) {
        $from->signal($to[$n % @to], $n);
        $from->message($n);
    }

    Otter::Peer->gather(10, sub {
        $_->{heard} += grep { $_->{type} eq 'message' } $_->pending for @to;
        return !grep { $_->{heard} < 250 } @to;
    }, @to) or fail('not all were heard');

    delete $_->{heard} for @to;
}

sub commands () {
    return $redis->info('total_commands_processed');
}

my $before = commands();

exchange(@here);

# The leases and the probes go on.
cmp_ok(commands() - $before, '<', 60, 'no command for 500 messages');

my $there = Otter::Peer->enter($hosts, 'peer-5', at => 1);

$_->expect('peer-joined') for @here;
$before = commands();
exchange(@here, $there);
cmp_ok(commands() - $before, '>=', 250, 'but where one is on another host');

$there->leave;
$_->expect('peer-left') for @here;
$before = commands();
exchange(@here);
cmp_ok(commands() - $before, '<', 60, 'and not when that one has left');


done_testing;

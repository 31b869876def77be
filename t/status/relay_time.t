use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(metrics samples status);
use Otter::Test;

# One message of 64 is timed on its way through the server, to receivers of
# the same worker and to those of others.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    server => "otter_message_rate 10000;\n$Otter::Status::status_conf");

my $alice = Otter::Peer->enter($nginx, 'alice');
my $mine  = $nginx->worker_of($alice->ws->socket);
my (%near, %far);

for my $n (1 .. 64) {
    last if %near && %far;

    my $peer  = Otter::Peer->enter($nginx, "peer$n", room => "room$n");
    my $other = $nginx->worker_of($peer->ws->socket);
    my $pair  = $other == $mine ? \%near : \%far;

    %$pair = (peer => $peer, room => "room$n");
}

sub timed { status($nginx)->{relay_seconds}{count} }

for my $case ([near => \%near], [far => \%far]) {
    my ($name, $pair) = @$case;
    my $sender;

    # Who sends is of alice's worker, whoever receives.
    for my $n (1 .. 64) {
        $sender = Otter::Peer->enter($nginx, "$name$n",
            room => $pair->{room});
        last if $nginx->worker_of($sender->ws->socket) == $mine;
        $sender->leave;
    }

    my $before = timed();

    $sender->message($_) for 1 .. 640;

    my $got = 0;

    while ($got < 640) {
        $got++ if $pair->{peer}->next->{type} eq 'message';
    }

    my $count = timed() - $before;

    cmp_ok($count, '>=', 9, "$name: at least 9 of 640");
    cmp_ok($count, '<=', 11, "$name: at most 11");
}

my $histogram = status($nginx)->{relay_seconds};
my $sample    = samples(metrics($nginx));

cmp_ok($histogram->{sum}, '>', 0, 'it takes time');
cmp_ok($histogram->{sum} / $histogram->{count}, '<', patience(1),
    'but less than a second');
is($sample->{'otter_relay_seconds_bucket{le="+Inf"}'}, $histogram->{count},
    'the last bucket has all of them');

my $last = 0;

for my $bucket (@{ $histogram->{buckets} }) {
    my $name = qq(otter_relay_seconds_bucket{le="$bucket->{le}"});

    cmp_ok($bucket->{count}, '>=', $last, "up to $bucket->{le}");
    $last = $bucket->{count};
}

ok(exists $sample->{'otter_relay_seconds_bucket{le="0.00025"}'},
    'bounds are seconds');


done_testing;

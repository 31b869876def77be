use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room is made at two hosts at once, with different policies: one of them
# makes it, the other one gets it as it is, and both know the same room.

use Otter::Hosts;
use Otter::HTTP;
use POSIX ();
use Time::HiRes qw(sleep time);

my $ROUNDS = 100;
my $hosts  = Otter::Hosts->start(workers => 2,
    api_keys => [{ id => 'main' }]);


sub key ($n) { return $hosts->nginx($n)->api_key }


# Each host by a process of its own, and each room at the same moment.

my $begin = time + 1;
my @pids;

sub answers ($n) { return $hosts->nginx($n)->path('answers') }

for my $n (0, 1) {
    my $pid = fork // die "fork: $!";

    push @pids, $pid;
    next if $pid;

    my $http = Otter::HTTP->new(port => $hosts->nginx($n)->port);
    my @answers;

    for my $round (1 .. $ROUNDS) {
        my $wait = $begin + $round * 0.02 - time;

        sleep $wait if $wait > 0;

        my $answer = $http->post('rooms', { room => "room-$round",
            max_peers => 3 + $n, metadata => { by => $n } },
            bearer => key($n));

        push @answers, { status => $answer->status, room => $answer->json };
    }

    open my $out, '>', answers($n) or POSIX::_exit(1);
    print {$out} to_json(\@answers);
    close $out or POSIX::_exit(1);
    POSIX::_exit(0);
}

waitpid $_, 0 for @pids;

my @answers = map {
    open my $in, '<', answers($_) or die "answers: $!";
    from_json(do { local $/; readline $in });
} 0, 1;

my (%statuses, @differ, %by);

for my $round (0 .. $ROUNDS - 1) {
    my ($one, $two) = map { $_->[$round] } @answers;

    $statuses{ join ' ', sort $one->{status}, $two->{status} }++;

    my @rooms = ($one->{room}, $two->{room},
        map { $hosts->nginx($_)->http->get('rooms/room-' . ($round + 1),
            bearer => key($_))->json } 0, 1);
    my %policies = map {
        join(' ', @$_{qw(max_peers created_at)}, to_json($_->{metadata})) => 1
    } @rooms;

    push @differ, [sort keys %policies] if keys %policies != 1;
    $by{ $rooms[0]{metadata}{by} }++;
}

is_deeply(\%statuses, { '200 201' => $ROUNDS }, 'one is made, one is fetched')
    or diag to_json(\%statuses);
is_deeply(\@differ, [], 'and all see the same') or diag to_json(\@differ);
note 'made by: ', to_json(\%by);


done_testing;

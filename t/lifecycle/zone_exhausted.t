use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When the zone is full, newcomers are refused and nobody else suffers.

my $nginx = Otter::Nginx->start(http => 'otter_zone otter:2m;',
    connections => 8192,
    server => 'otter_max_peers 100;');

my ($alice, $bob) = peers($nginx, qw(alice bob));
my ($first, $refused) = fill();

is_problem($refused, '503 unavailable', 'refused after ' . @$first);

$alice->signal($bob, 'on');
is($bob->expect('signal')->{data}, 'on', 'the others go on');

$_->leave for @$first;

my ($second) = fill();

is(scalar @$second, scalar @$first, 'who leaves gives back all the memory');


# Joins room after room until nobody is let in.

sub fill () {
    my @peers;

    while (@peers < 4000) {
        my $n    = @peers;
        my $peer = Otter::Peer->knock($nginx, "peer-$n", room => "room-$n",
            claims => { metadata => { x => 'y' x 2000 } });

        return (\@peers, $peer->ws->response) if $peer->ws->status != 101;

        push @peers, $peer;
    }

    return (\@peers);
}


done_testing;

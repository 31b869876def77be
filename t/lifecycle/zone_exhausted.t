use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When the zone is full, newcomers are refused and nobody else suffers.

my $nginx = Otter::Nginx->start(http => 'otter_zone otter:2m;',
    connections => 8192,
    server => 'otter_max_peers 100;');

my ($alice, $bob) = peers($nginx, qw(alice bob));
my (@more, $refused);

while (@more < 4000) {
    my $n    = @more;
    my $peer = Otter::Peer->knock($nginx, "peer-$n", room => "room-$n",
        claims => { metadata => { x => 'y' x 2000 } });

    if ($peer->ws->status != 101) {
        $refused = $peer->ws->response;
        last;
    }

    push @more, $peer;
}

is_problem($refused, 503, undef, 'refused after ' . @more);

$alice->signal($bob, 'on');
is($bob->expect('signal')->{data}, 'on', 'the others go on');

$_->drop for splice @more;


done_testing;

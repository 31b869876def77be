use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A peer that leaves is gone at once, with the reason "left".

my $nginx = Otter::Nginx->start;
my ($alice, $bob, $carol, $dave) = peers($nginx, qw(alice bob carol dave));

is($bob->leave, 1000, 'leave closes with 1000');

for my $peer ($alice, $carol, $dave) {
    my $left = $peer->expect('peer-left');

    is($left->{peer}, $bob->id, $peer->identity . ' hears who');
    is($left->{reason}, 'left', 'and why');
}

$carol->ws->send_close(1000);
is($carol->close_code, 1000, 'closed with 1000');

my $left = $alice->expect('peer-left');

is($left->{peer}, $carol->id, 'a close with 1000 is leaving as well');
is($left->{reason}, 'left', 'for the same reason');

is_deeply([map { $_->{identity} }
    @{ Otter::Peer->enter($nginx, 'erin')->welcome->{peers} }],
    [qw(alice dave)], 'who left is on no list');


done_testing;

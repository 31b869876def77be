use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A newer connection of an identity replaces the older one, with 4409.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $round (1 .. 6) {
    my $newer = Otter::Peer->enter($nginx, 'alice');

    is($alice->close_code, 4409, 'the older one is closed with 4409');

    my $left   = $bob->expect('peer-left');
    my $joined = $bob->expect('peer-joined');

    is($left->{peer}, $alice->id, 'others hear that it left');
    is($left->{reason}, 'replaced', 'as it was replaced');
    is($joined->{peer}{id}, $newer->id, 'by a new peer');
    isnt($newer->id, $alice->id, 'of another id');
    is_deeply([map { $_->{identity} } @{ $newer->welcome->{peers} }], ['bob'],
        'who does not see the older one');
    is($alice->try_resume->status, 401, 'which can not come back')
        if $round == 1;

    $newer->signal($bob, $round);
    is($bob->expect('signal')->{from}, $newer->id, 'and is heard');

    $alice = $newer;
}

my $elsewhere = Otter::Peer->enter($nginx, 'alice', room => 'lodge');

ok($alice->is_quiet, 'another room has an alice of its own');


done_testing;

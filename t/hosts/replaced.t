use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A newer connection of an identity replaces the older one, wherever that is.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(server => 'otter_max_peers 3;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');
$_->expect('room-updated') for $alice, $bob;

for my $round (1 .. 6) {
    my $newer = Otter::Peer->enter($hosts, 'alice', at => $round % 2);

    is($alice->close_code, 4409, 'the older one is closed with 4409');
    is((scalar grep { $_->{type} =~ /^peer-/ } $alice->last_messages), 0,
        'and does not hear of the newer');

    for my $other ($bob, $carol) {
        my $left = $other->expect('peer-left');

        is($left->{peer}, $alice->id, $other->identity . ' hears: left');
        is($left->{reason}, 'replaced', 'replaced');
        is($other->expect('peer-joined')->{peer}{id}, $newer->id,
            'by the newer one');
    }

    is_deeply([sort map { $_->{identity} } @{ $newer->welcome->{peers} }],
        [qw(bob carol)], 'which does not see the older one');
    is($alice->try_resume(at => $_)->status, 401,
        "nor can that resume at host $_") for 0, 1;

    $newer->signal($bob, $round);
    is($bob->expect('signal')->{from}, $newer->id, 'and is heard');
    ok($_->is_quiet, $_->identity . ' hears nothing else')
        for $newer, $bob, $carol;

    $alice = $newer;
}

$alice->drop;
$_->expect('peer-away') for $bob, $carol;

my $anew = Otter::Peer->enter($hosts, 'alice', at => 1);

for my $other ($bob, $carol) {
    is($other->expect('peer-left')->{reason}, 'replaced',
        'one that is away is replaced as well');
    is($other->expect('peer-joined')->{peer}{id}, $anew->id, 'by the newer');
}

is($alice->try_resume(at => $_)->status, 401, "and gone, at host $_")
    for 0, 1;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Members at every host are told once when their room becomes full and when it
# is so no more, wherever the place is taken; a replaced peer changes nothing.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 2, server => 'otter_max_peers 3;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

$alice->expect('peer-joined');

sub are_told ($status, @peers) {
    for my $peer (@peers) {
        is($peer->expect('room-updated', 10)->{room}{status}, $status,
            $peer->identity . " hears: $status");
    }
}

sub are_quiet (@peers) {
    ok($_->is_quiet, $_->identity . ' hears nothing else') for @peers;
}

for my $at (0, 1) {
    my $carol = Otter::Peer->enter($hosts, 'carol', at => $at);

    is($carol->welcome->{room}{status}, 'full', "host $at: full");
    $_->expect('peer-joined') for $alice, $bob;
    are_told('full', $alice, $bob);

    my $newer = Otter::Peer->enter($hosts, 'carol', at => 1 - $at);

    is($carol->close_code, 4409, 'replaced from the other host');
    $_->expect('peer-left') for $alice, $bob;
    $_->expect('peer-joined') for $alice, $bob;
    are_quiet($alice, $bob, $newer);

    $newer->leave;
    $_->expect('peer-left') for $alice, $bob;
    are_told('occupied', $alice, $bob);
    are_quiet($alice, $bob);
}

# So is one whose time to come back is over.

my $dave = Otter::Peer->enter($hosts, 'dave', at => 1);

$_->expect('peer-joined') for $alice, $bob;
are_told('full', $alice, $bob);
$dave->ws->send_close(1000);
$_->expect('peer-left', 10) for $alice, $bob;
are_told('occupied', $alice, $bob);
are_quiet($alice, $bob);


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Members are told when their room becomes full and when it is so no more,
# once, on every worker; who comes or goes knows it from the welcome.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }], server => 'otter_max_peers 4;');

sub are_told ($status, @peers) {
    for my $peer (@peers) {
        is($peer->expect('room-updated')->{room}{status}, $status,
            $peer->identity . " hears: $status");
        ok($peer->is_quiet, 'once');
    }
}

sub are_quiet (@peers) {
    ok($_->is_quiet, $_->identity . ' hears nothing else') for @peers;
}

my @in = peers($nginx, qw(alice bob carol));

are_quiet(@in);

my $dave = Otter::Peer->enter($nginx, 'dave');

is($dave->welcome->{room}{status}, 'full', 'the last one finds it full');
$_->expect('peer-joined') for @in;
are_told('full', @in);
are_quiet($dave);

# One who is away has its place, and hears of it afterwards.

$in[2]->drop;
$_->expect('peer-away') for @in[0, 1], $dave;
are_quiet(@in[0, 1], $dave);
$dave->leave;
$_->expect('peer-left') for @in[0, 1];
are_told('occupied', @in[0, 1]);

$in[2]->resume;
$in[2]->expect('peer-left');
are_told('occupied', $in[2]);
$_->expect('peer-back') for @in[0, 1];

# A change of the size is told as one, with the status that it makes.

my sub resize ($max_peers) {
    return $nginx->http->request(PATCH => 'rooms/den',
        json => { max_peers => $max_peers },
        bearer => $nginx->api_key)->json->{status};
}

is(resize(3), 'full', 'no more than are there');
are_told('full', @in);
is(resize(2), 'full', 'fewer');
are_told('full', @in);
is(resize(4), 'occupied', 'one more');
are_told('occupied', @in);

# One above the size that goes leaves it full.

is(resize(2), 'full', 'fewer again');
are_told('full', @in);
$in[2]->leave;
$_->expect('peer-left') for @in[0, 1];
are_quiet(@in[0, 1]);
$in[1]->leave;
$in[0]->expect('peer-left');
are_told('occupied', $in[0]);


done_testing;

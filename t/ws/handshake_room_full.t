use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A full room is a 409, until somebody leaves.

my $nginx = Otter::Nginx->start(
    workers => 2,
    listen  => 'reuseport',
    server  => 'otter_max_peers 3;',
);

my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

$_->expect('room-updated') for $alice, $bob;

is_problem(Otter::Peer->knock($nginx, 'dave')->ws->response, '409 room-full',
    'one too many');
is(Otter::Peer->knock($nginx, 'dave', room => 'lodge')->ws->status, 101,
    'another room has place');

is($carol->leave, 1000, 'one leaves');
$_->expect('peer-left') for $alice, $bob;

my $dave = Otter::Peer->enter($nginx, 'dave');

is($dave->welcome->{self}{identity}, 'dave', 'and there is place');
is_problem(Otter::Peer->knock($nginx, 'erin')->ws->response, '409 room-full',
    'for one');


done_testing;

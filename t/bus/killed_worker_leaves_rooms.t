use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The peers of a killed worker do not stay in their rooms for ever.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    server => 'otter_resume_timeout 1s;');

my $alice = Otter::Peer->enter($nginx, 'alice');
my $home  = $nginx->worker_of($alice->ws->socket);
my ($bob, $n);

# Until one is on the other worker.
do {
    $bob->leave && $alice->expect('peer-left') if $bob;
    $bob = Otter::Peer->enter($nginx, 'bob-' . ++$n);
    $alice->expect('peer-joined');
} until $nginx->worker_of($bob->ws->socket) != $home || $n > 50;

$nginx->kill_worker($nginx->worker_of($bob->ws->socket));
is($bob->close_code, 1006, 'its socket is gone');

my $next = $alice->next(10);

$next = $alice->next(10) if $next->{type} eq 'peer-away';
is($next->{type}, 'peer-left', 'others hear that the peer left');
is($next->{peer}, $bob->id, 'that one');

my $carol = Otter::Peer->enter($nginx, 'carol');

is_deeply([map { $_->{identity} } @{ $carol->welcome->{peers} }], ['alice'],
    'it is on no list');
$alice->expect('peer-joined');
$carol->signal($alice, 1);
is($alice->expect('signal')->{data}, 1, 'and the room goes on');


done_testing;

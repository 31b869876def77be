use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Everything a peer gets carries seq, from 1 without a hole.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$bob->message(1);
$bob->signal($alice, 2);
$alice->send('no message');
$bob->message(3);
$bob->leave;

my @got = map { $alice->next } 1 .. 5;

is_deeply([sort map { $_->{type} } @got],
    [qw(error message message peer-left signal)], 'one of each');
is_deeply([map { $_->{seq} } @got], [3 .. 7], 'numbered through');

my $carol = Otter::Peer->enter($nginx, 'carol');

is($carol->welcome->{seq}, 1, 'each session counts for itself');


done_testing;

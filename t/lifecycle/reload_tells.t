use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# On reload each socket gets a bye with a spread retry_after_ms, then 1012;
# the session resumes on a new worker.

my $nginx = Otter::Nginx->start(workers => 2);
my @peers = map { Otter::Peer->enter($nginx, "peer-$_", room => "room-$_") }
    1 .. 10;

$nginx->reload;

my %retry;

for my $peer (@peers) {
    is($peer->close_code(15), 1012, $peer->identity . ' is closed with 1012');

    my ($bye) = $peer->last_messages;

    is($bye->{type}, 'bye', 'after a bye');
    ok(length $bye->{reason}, 'with its reason');
    like($bye->{retry_after_ms}, qr/^\d+$/, 'and when to come back');
    $retry{ $bye->{retry_after_ms} }++;
}

cmp_ok(scalar keys %retry, '>', 1, 'not all at the same time');

for my $peer (@peers) {
    $peer->resume;
    is($peer->welcome->{resumed}, true, $peer->identity . ' resumes');
}

ok($nginx->old_workers_leave(10), 'the old workers leave');


done_testing;

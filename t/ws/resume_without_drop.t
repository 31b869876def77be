use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A resume while the old socket still seems open takes the session over.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $round (1 .. 6) {
    my $old = $bob->ws;

    $alice->signal($bob, "in flight $round");
    $bob->resume;
    is($bob->welcome->{resumed}, true, 'resumed');
    is($bob->expect('signal')->{data}, "in flight $round", 'nothing is lost');
    ok($bob->is_quiet, 'or doubled');

    like($old->close_code, qr/^(?:4409|1006|1000|1001)$/,
        'the old socket is closed');
}

my @news = map { $_->{type} } $alice->pending;

is((scalar grep { $_ eq 'peer-left' } @news), 0, 'the peer never left');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Everyone in a room hears who joins, as that peer was welcomed, and nobody
# outside does.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));
my $other = Otter::Peer->enter($nginx, 'erin', room => 'lodge');

my $carol = Otter::Peer->enter($nginx, 'carol',
    claims => {
        name     => "\x{1f9a6} \"Carol\"",
        metadata => { a => { b => 1 } },
    });

for my $peer ($alice, $bob) {
    is_deeply($peer->expect('peer-joined')->{peer}, $carol->welcome->{self},
        $peer->identity . ' hears it');
}

ok($carol->is_quiet, 'not the one who joined');
ok($other->is_quiet, 'nor another room');


done_testing;

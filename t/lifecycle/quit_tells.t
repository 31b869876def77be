use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# nginx that quits says bye to everyone.

my $nginx = Otter::Nginx->start(workers => 2);
my ($alice, $bob) = peers($nginx, qw(alice bob));

$nginx->signal('QUIT');

for my $peer ($alice, $bob) {
    is($peer->close_code(15), 1012, $peer->identity . ' is closed with 1012');
    is((grep { $_->{type} eq 'bye' } $peer->last_messages), 1, 'after a bye');
}


done_testing;

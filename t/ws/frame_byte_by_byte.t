use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Frames are read whatever the pieces they come in.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $text = to_json({ type => 'message', data => 'x' x 150 });

for my $size (1, 2, 3, 7, 13) {
    $alice->ws->send_slowly(frame(payload => $text) x 2, $size, 0.0005);
    is($bob->expect('message')->{data}, 'x' x 150, "pieces of $size")
        for 1 .. 2;
}


done_testing;

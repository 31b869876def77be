use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The rate itself may be kept up for ever.

use Time::HiRes qw(sleep);

my $nginx = Otter::Nginx->start(server => 'otter_message_rate 50;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $n (1 .. 150) {
    $alice->message($n);
    sleep 1 / 60;
}

is($bob->expect('message')->{data}, $_, "message $_") for 1 .. 150;
ok($alice->is_quiet, 'the sender stays');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The measure of faults itself: with none, nothing is told, and all is heard.

use Otter::Faults;

my $run = Otter::Faults->run('none', sub ($run) { $run->talk(1) });

is($run->count->{heard}, $run->count->{due}, 'all is heard');
is($run->crowd->count->{resyncs} // 0, 0, 'nobody is told to resync');
is_deeply([$run->crowd->buried], [], 'nobody left');
is_deeply($run->crowd->closes, {}, 'no socket was closed');
cmp_ok($run->heal, '<', 2, 'it is well at once') if defined $run->heal;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Everything in Redis is deleted; nothing is lost, as nothing of it is needed.

use Otter::Faults;

my $run = Otter::Faults->run('Redis flushed', sub ($run) {
    $run->redis->command('FLUSHALL');
    $run->talk(6);
});

is_deeply($run->crowd->closes, {}, 'no socket was closed');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');
is($run->count->{heard}, $run->count->{due}, 'all is heard');


done_testing;

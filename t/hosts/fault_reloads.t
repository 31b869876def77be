use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# One nginx is reloaded three times: its peers resume at any host, and nothing
# is lost.

use Otter::Faults;

my $run = Otter::Faults->run('nginx reloaded three times', sub ($run) {
    for (1 .. 3) {
        $run->hosts->nginx(0)->reload;
        $run->talk(2);
    }
});

is_deeply([keys %{ $run->crowd->closes }], [1012],
    'the sockets are closed with 1012');
is_deeply([$run->crowd->buried], [], 'nobody is said to have left');
is($run->crowd->count->{rejoined}, 0, 'all sessions are resumed');
is($run->count->{heard}, $run->count->{due}, 'all is heard');
ok($run->hosts->nginx(0)->old_workers_leave(10), 'no old worker stays');


done_testing;

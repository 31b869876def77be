use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# During three reloads nothing is lost or doubled: every socket is told, is
# closed with 1012, and resumes.

use Otter::Crowd;

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    server => 'otter_message_rate 1000;');
my $crowd = Otter::Crowd->gather($nginx, rooms => 10, size => 4);

$crowd->talk(20);

for my $reload (1 .. 3) {
    $nginx->signal('HUP');

    for (1 .. 30) {
        $crowd->talk(20);
        last if $crowd->count->{resumed} >= 40 * $reload;
    }
}

ok($crowd->settle(20), 'everything was heard');
is_deeply([$crowd->faults], [], 'once and in order');
is_deeply($crowd->closes, { 1012 => 120 }, 'each socket closed three times');
is($crowd->count->{resumed}, 120, 'and resumed');
is_deeply([grep { $_ != 1000 } $crowd->disperse], [], 'all leave');
ok($nginx->old_workers_leave(10), 'so do the old workers');
note(to_json($crowd->count));


done_testing;

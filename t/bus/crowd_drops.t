use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Connections that are lost in the middle of everything lose no message: each
# session resumes, on whichever worker, and goes on where it was.

use Otter::Crowd;

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    server => 'otter_message_rate 1000;');
my $crowd = Otter::Crowd->gather($nginx, rooms => 10, size => 4);

for (1 .. 25) {
    $crowd->drop_some(4);
    $crowd->talk(4);
}

ok($crowd->settle(20), 'everything was heard');
is_deeply([$crowd->faults], [], 'once and in order');
is($crowd->count->{resumed}, 100, 'every one resumed');
is_deeply($crowd->closes, { dropped => 100 }, 'and none was closed');
is_deeply([grep { $_ != 1000 } $crowd->disperse], [], 'all leave');
note(to_json($crowd->count));


done_testing;

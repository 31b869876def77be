use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When a worker is killed, only its own sockets notice: they close and come
# back.

use Otter::Crowd;

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    server => 'otter_message_rate 1000;');
my $crowd = Otter::Crowd->gather($nginx, rooms => 10, size => 4);

$crowd->talk(20);

my %on     = $crowd->spread;
my ($most) = sort { $on{$b} <=> $on{$a} } keys %on;
my $lost   = $crowd->loosen($most);

$nginx->kill_worker($most);
$crowd->talk(60);

ok($crowd->settle(20), 'everything was heard');
is_deeply([$crowd->faults], [], 'once and in order');
is_deeply($crowd->closes, { 1006 => $lost }, "$lost sockets were lost");
is($crowd->count->{resumed} + $crowd->count->{rejoined}, $lost,
    'and all came back');

%on = $crowd->spread;
is((scalar grep { $_ == $most } keys %on), 0, 'on living workers');
is_deeply([grep { $_ != 1000 } $crowd->disperse], [], 'all leave');
note(to_json($crowd->count));


done_testing;

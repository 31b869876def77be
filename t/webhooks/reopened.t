use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room that closes and opens anew, however quickly, goes on with greater
# numbers: by these readers tell what they have had.

use Otter::Events;
use Otter::Redis;

my $redis  = Otter::Redis->start;
my $events = Otter::Events->listen($redis);
my $nginx  = Otter::Nginx->start(http => 'otter_redis ' . $redis->url . ';');

ok(eventually(20, sub { $nginx->http->get('health')->json->{status} eq 'ok' }),
    'Redis is up');

my $lives = 60;

Otter::Peer->enter($nginx, 'alice', room => 'den')->leave for 1 .. $lives;

my (@back, $closed, $last, $same);

while (($closed // 0) < $lives) {
    my $event = $events->next;

    push @back, "$event->{type} $event->{n} after $last"
        if defined $last && $event->{n} <= $last;

    $same++ if $event->{type} ne 'room.opened' && $event->{n} == $last + 1;
    $closed++ if $event->{type} eq 'room.closed';
    $last = $event->{n};
}

is("@back", '', 'no number comes twice, none goes back');
is($same, 3 * $lives, 'within a life they follow one another');
cmp_ok($last, '<', 2**53, 'and JavaScript holds them');


done_testing;

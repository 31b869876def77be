use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Redis loses the API keys and nobody says so: within seconds every worker of
# every host refuses them, whenever that happens, and whatever comes in their
# place.

use Otter::Command qw(run);
use Otter::Hosts;
use Otter::Paths qw($command);

my $hosts = Otter::Hosts->start(workers => 2,
    server => 'keepalive_requests 100000;');
my $redis = $hosts->redis;

my @clients = map { values %{ $hosts->nginx($_)->http_of_workers } } 0, 1;

sub new_key ($id) {
    my $result = run($command, qw(key create --json --id), $id,
        '--redis', $redis->url);

    return from_json($result->{stdout} || '{}')->{key}
        // die $result->{stderr};
}

sub everywhere ($name, $key, $expected) {
    my %seen;

    ok(eventually(10, sub {
        %seen = ();
        $seen{ $_->post('token', { room => 'den' }, bearer => $key)->status }++
            for @clients;
        return keys %seen == 1 && $seen{$expected};
    }), $name) or diag to_json(\%seen);
}


my $first = new_key('first');

everywhere('a key is taken', $first, 200);
$redis->command('FLUSHALL');
everywhere('and refused when it is lost', $first, 401);

my $soon = new_key('soon');

$redis->command('FLUSHALL');
everywhere('so is one that was just made', $soon, 401);

for my $round (1 .. 3) {
    my $old = new_key("old$round");

    everywhere("round $round: a key", $old, 200);
    $redis->command('FLUSHALL');

    my $new = new_key("new$round");

    everywhere('is lost', $old, 401);
    everywhere('and another one is there', $new, 200);

    $redis->command('DEL', 'otter:apikeys');

    my $other = new_key("new$round");

    everywhere('one of its name is another one', $new, 401);
    everywhere('which is taken', $other, 200);
}

done_testing;

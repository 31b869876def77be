use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room that is made anew goes on above the version of the one before it, also
# when that was ahead of the clock: or hosts would take its news for old.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);
my $redis = $hosts->redis;

sub version () { return $redis->command(HGET => 'otter:{den}:r', 'v') }
sub gone ()    { return !$redis->command(EXISTS => 'otter:{den}:r') }

for my $end ('its last member leaves', 'it is closed') {
    my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);

    # As after a thousand changes within few milliseconds.
    $redis->command(HINCRBY => 'otter:{den}:r', 'v', 5_000_000);

    my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

    $alice->expect('peer-joined');

    my $before = version();

    cmp_ok($before, '>', (time + 3600) * 1000, 'it is ahead of the clock');

    if ($end eq 'it is closed') {
        my $nginx = $hosts->nginx(0);

        $nginx->http->delete('rooms/den', bearer => $nginx->api_key);

    } else {
        $_->send({ type => 'leave' }) for $alice, $bob;
    }

    ok(eventually(10, \&gone), "$end: it is gone");

    my $carol = Otter::Peer->enter($hosts, 'carol', at => 0);

    cmp_ok(version(), '>', $before + 1, 'the next one goes on above it');

    my $dave = Otter::Peer->enter($hosts, 'dave', at => 1);

    is($carol->expect('peer-joined')->{peer}{identity}, 'dave',
        'and its hosts hear of each other');

    $_->send({ type => 'leave' }) for $carol, $dave;
    ok(eventually(10, \&gone), 'and is gone');
}


done_testing;

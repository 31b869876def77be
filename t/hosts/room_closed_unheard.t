use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# That a room was closed may be learnt from an answer about the next one of its
# name, before the news of it comes: whose members were in the closed one are
# put out then.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);
my $redis = $hosts->redis;

sub listed ($at) {
    my $nginx = $hosts->nginx($at);
    my $peers = $nginx->http->get('rooms/den', bearer => $nginx->api_key)
        ->json->{peers} // [];

    return join ' ', sort map { $_->{identity} } @$peers;
}

my $alice = Otter::Peer->enter($hosts, 'alice', at => 1);

# As another host closes it, but that its message is still on the way.

my $version = $redis->command(HGET => 'otter:{den}:r', 'v');

$redis->command(SET => 'otter:{den}:c', $version + 1, PX => 30_000);
$redis->command(DEL => map { "otter:{den}:$_" } qw(m i r));

my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

is($alice->expect('bye')->{reason}, 'closed', 'she is told of the end');
is($alice->ws->next_event->{code}, 4404, 'and put out');

is_deeply([map { $_->{identity} } @{ $bob->welcome->{peers} }], [],
    'who comes later does not see her');
ok(eventually(5, sub { listed(0) eq 'bob' && listed(1) eq 'bob' }),
    'and all hosts have him alone');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Two clusters of hosts with different prefixes share a Redis and nothing else.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 1);
my $other = Otter::Hosts->start(hosts => 1, redis => $hosts->redis,
    keys => [$hosts->key], http => 'otter_redis_prefix other:;');
my $alice = Otter::Peer->enter($hosts, 'alice');
my $bob   = Otter::Peer->enter($other, 'bob');
my $too   = Otter::Peer->enter($other, 'alice');

is_deeply([map { $_->{identity} } @{ $too->welcome->{peers} }], ['bob'],
    'the room of that name is another');
ok($alice->is_quiet, 'nobody is replaced, nobody joined');
$alice->message('here');
$too->message('there');
is($bob->expect('peer-joined')->{peer}{id}, $too->id, 'bob sees one alice');
is($bob->expect('message')->{data}, 'there', 'and hears that one');
ok($bob->is_quiet, 'nothing else');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host dies with nobody else in its rooms: when Redis has forgotten them,
# their peers are told as gone.  What is only about to be told again is not.

use Otter::Hosts;
use Otter::Receiver;
use Otter::Webhooks qw(body_of);

my $hosts = Otter::Hosts->start(
    hosts    => 1,
    api_keys => [{ id => 'main' }],
);
my $redis = $hosts->redis;
my $nginx = $hosts->nginx(0);
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { sweep => '2s' },
    endpoints => { hook => { url => $receiver->url('hook') } },
);

$webhooks->start;

my @peers = map { Otter::Peer->enter($hosts, $_, room => 'den') }
    qw(alice bob);

$nginx->http->post('rooms', { room => 'kept' }, bearer => $nginx->api_key);

my $carol = Otter::Peer->enter($hosts, 'carol', room => 'kept');

$receiver->wait_for(hook => 5);

# Keys that a host will write again at once.

$redis->command('DEL', 'otter:{den}:m', 'otter:{den}:i', 'otter:{den}:r');
ok(eventually(10, sub { $redis->command('EXISTS', 'otter:{den}:m') }),
    'the host tells Redis of the room again');
is(scalar(my @same = $receiver->requests('hook')), 5, 'nothing is told');

# And as they are some time after its end.

$hosts->kill(0);
$redis->command('DEL', "otter:{$_}:m", "otter:{$_}:i") for qw(den kept);
$redis->command('DEL', 'otter:{den}:r');

my @events = map { body_of($_) } $receiver->wait_for(hook => 9, 30);
my %told;

push @{ $told{ $_->{data}{room}{room} } }, $_ for @events[5 .. 8];

is_deeply([map { $_->{type} } @{ $told{den} }],
    [qw(peer.left peer.left room.closed)], 'the peers are gone, and the room');
is_deeply([sort map { $_->{data}{peer}{identity} } @{ $told{den} }[0, 1]],
    [qw(alice bob)], '... these');
is($told{den}[0]{data}{reason}, 'timeout', '... by the end of their time');
is_deeply([map { $_->{type} } @{ $told{kept} }], ['peer.left'],
    'a room that the API made stays');
is($redis->command('EXISTS', 'otter:{den}:e'), 0, 'nothing is left');


done_testing;

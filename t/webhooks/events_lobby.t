use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who waits in the lobby has knocked, and joins when it is admitted; a message
# from the server is no event.

use Otter::Events;
use Otter::Hosts;

my $hosts = Otter::Hosts->start(
    hosts    => 1,
    api_keys => [{ id => 'main' }],
);
my $nginx = $hosts->nginx(0);
my $events = Otter::Events->listen($hosts->redis);

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my $opened = $events->next;

is($opened->{type}, 'room.opened', 'the room opens');
is($opened->{lobby}, 1, 'with a lobby');

my $alice = Otter::Peer->enter($hosts, 'alice',
    claims => { role => 'moderator' });

is($events->next->{type}, 'peer.joined', 'a moderator joins');

my $bob = Otter::Peer->wait($hosts, 'bob');
my $knocked = $events->next;

is($knocked->{type}, 'peer.knocked', 'another one waits');
is($knocked->{peer}{id}, $bob->id, '... this one');
is($knocked->{key}, 'test', '... by a token of that key');
is($knocked->{peers}, 1, '... and is not in the room');

$nginx->http->post('rooms/den/messages', { data => 1 },
    bearer => $nginx->api_key);
$alice->send({ type => 'admit', peer => $bob->id });

my $joined = $events->next;

is($joined->{type}, 'peer.joined', 'it is admitted');
is($joined->{peer}{id}, $bob->id, '... this one');
is($joined->{key}, 'test', '... of the same key');
is($joined->{peers}, 2, '... and in the room');
is($joined->{n}, $knocked->{n} + 1, 'nothing else was told between');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The welcome comes first, and tells everything about the room.

my $nginx = Otter::Nginx->start(
    turn_secrets => ['north'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478; otter_max_peers 4;',
);

my $alice = Otter::Peer->enter($nginx, 'alice', claims => {
    name     => 'Alice',
    role     => 'moderator',
    metadata => { team => ['otters'] },
});

my $welcome = $alice->welcome;
my $self    = $welcome->{self};

is($welcome->{seq}, 1, 'seq counts from 1');
ok(length $welcome->{$_}, $_) for qw(session resume);
cmp_ok(length $welcome->{resume}, '>=', 22, 'a secret of 128 bits');
is($welcome->{resumed}, false, 'not resumed');

has_members($self, [qw(id identity name role metadata joined_at)], 'PEER');
ok(length $self->{id}, 'an id');
is($self->{identity}, 'alice', 'identity');
is($self->{name}, 'Alice', 'name');
is($self->{role}, 'moderator', 'role');
is_deeply($self->{metadata}, { team => ['otters'] }, 'metadata');
is_time($self->{joined_at}, time, 5, 'joined_at');

like($alice->text, qr/"self":\{"id":.*?,"identity":.*?,"name":.*?,"role":.*?,
    "metadata":.*?,"joined_at":[^,]*?\}/x, 'members in this order');

has_members($welcome->{room}, [qw(room status locked lobby relay_only
    max_peers created_at updated_at)], 'ROOM, without peers');
is($welcome->{room}{room}, 'den', 'the room');
is($welcome->{room}{max_peers}, 4, 'its size');

is_deeply($welcome->{peers}, [], 'nobody else');
is(scalar @{ $welcome->{ice_servers} }, 1, 'ICE servers');
ok($welcome->{ice_servers}[0]{credential}, 'with credentials');
is_time($welcome->{ice_expires_at}, time + 3600, 5, 'ice_expires_at');

my $bob = Otter::Peer->enter($nginx, 'bob');

is_deeply($bob->welcome->{peers}, [$self], 'who was there before');
isnt($bob->id, $alice->id, 'ids differ');
isnt($bob->secret, $alice->secret, 'secrets differ');
isnt($bob->welcome->{session}, $welcome->{session}, 'sessions differ');

is($bob->welcome->{self}{role}, 'participant', 'an ordinary role');
is_deeply([sort map { $_->{identity} }
    @{ Otter::Peer->enter($nginx, 'carol')->welcome->{peers} }],
    [qw(alice bob)], 'and so for the third');


done_testing;

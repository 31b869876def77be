use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A session that waits and drops comes back to the lobby, unless it was let in
# meanwhile.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }],
    server => 'otter_resume_timeout 3s;');

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my $mod = Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' });
my $bob = Otter::Peer->wait($nginx, 'bob');

$mod->expect('knock');

for my $seq (1, 2, 3, 4) {
    my $id  = $bob->id;
    my $old = $bob->secret;

    $bob->drop;
    $bob->waits($bob->try_resume);
    is($bob->lobby->{resumed}, true, 'resumed');
    is($bob->id, $id, 'the same');
    ok(!exists $bob->lobby->{peers}, 'and it still waits');
    is($bob->try_resume(secret => $old)->status, 401,
        'the secret was good for once');

    $bob->message('hello');
    is($bob->expect('error')->{code}, 'forbidden', 'as before');
}

ok($mod->is_quiet, 'the moderator is not bothered');

my $guess = $bob->secret =~ s/.{8}$/xxxxxxxx/r;

is($bob->try_resume(secret => $guess)->status, 401, 'a guess is none');
is($bob->try_resume(seq => 99)->status, 101, 'a high seq is no way in')
    if 0;

# Let in while it is away.

$bob->drop;

my $waited = 0;

ok(eventually(3, sub {
    $nginx->http->get('rooms/den', bearer => $nginx->api_key)->status == 200
        && ++$waited > 3;
}), 'it is away');
$mod->send({ type => 'admit', peer => $bob->id });
is($mod->expect('peer-joined')->{peer}{id}, $bob->id, 'let in');

my $next = $mod->next;

is($next->{type}, 'peer-away', 'though it is away');
$bob->resume;
is($bob->welcome->{resumed}, true, 'it comes back into the room');
is_deeply([map { $_->{identity} } @{ $bob->welcome->{peers} }], ['mod'],
    'and sees who is there');
is($bob->expect('admitted')->{type}, 'admitted', 'as it was admitted');
$mod->expect('peer-back');
$mod->signal($bob, 1);
is($bob->expect('signal')->{data}, 1, 'it is a peer like others');

# One who does not come back waits no more.

my $carol = Otter::Peer->wait($nginx, 'carol');

$mod->expect('knock');
$carol->drop;

my $left = $mod->expect('peer-left', 10);

is($left->{peer}, $carol->id, 'carol has gone');
is($left->{reason}, 'timeout', 'in time');
is($carol->try_resume->status, 401, 'for good');


done_testing;

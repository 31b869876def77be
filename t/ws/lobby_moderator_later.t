use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A moderator who comes later, or back, is told of all who wait.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my @waiting = map { Otter::Peer->wait($nginx, "bob-$_") } 0 .. 2;

sub knocks ($mod, $n) {
    return [sort map { $mod->expect('knock')->{peer}{id} } 1 .. $n];
}

my $mod = Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' });

is_deeply(knocks($mod, 3), [sort map { $_->id } @waiting], 'all three');
ok($mod->is_quiet, 'once');

my $other = Otter::Peer->enter($nginx, 'other',
    claims => { role => 'moderator' });

is_deeply(knocks($other, 3), [sort map { $_->id } @waiting], 'another one');
$mod->expect('peer-joined');

$mod->drop;
$other->expect('peer-away');
push @waiting, Otter::Peer->wait($nginx, 'late');
$other->expect('knock');
$mod->resume;
is($mod->expect('knock')->{peer}{id}, $waiting[3]->id,
    'one who came while it was away');
ok($mod->is_quiet, 'and not the others again');
$other->expect('peer-back');

$waiting[0]->leave;
is($_->expect('peer-left')->{peer}, $waiting[0]->id, 'one gives up')
    for $mod, $other;

my $participant = Otter::Peer->wait($nginx, 'carol');

$_->expect('knock') for $mod, $other;
$mod->send({ type => 'admit', peer => $participant->id });
$participant->is_let_in;
ok($participant->is_quiet, 'who is no moderator is told nothing');


done_testing;

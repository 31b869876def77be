use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who waits reaches nobody and learns nothing, whatever it sends.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my $key   = $nginx->api_key;

my ($alice, $dave) = peers($nginx, qw(alice dave));
my $mod = Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' });

$_->expect('peer-joined') for $alice, $dave;
$mod->send({ type => 'room', lobby => true });
$_->expect('room-updated') for $alice, $dave, $mod;

my @waiting = map { Otter::Peer->wait($nginx, "bob-$_") } 1 .. 4;

is($mod->expect('knock')->{peer}{id}, $_->id, 'the moderator is told')
    for @waiting;

my %text;

for my $bob (@waiting) {
    for my $message (
        map({ +{ type => 'signal', to => $_, data => 1 } }
            $alice->id, $mod->id, $waiting[0]->id, $waiting[1]->id,
            $bob->id, 'x' x 20, 'nobody'),
        { type => 'message', data => 'hello' },
        { type => 'update', name => 'alice' },
        map({ my $type = $_; map { +{ type => $type, peer => $_ } }
            $alice->id, $bob->id, 'x' x 20 } qw(kick admit deny)),
        { type => 'room', lobby => false },
    ) {
        $bob->send({ %$message, ref => 'r' });

        my $error = $bob->expect('error');

        delete $error->{seq};
        $text{ to_json([sort map { "$_=$error->{$_}" } keys %$error]) }++;
    }
}

is(scalar keys %text, 1, 'the answer to everything is the same error');
like((keys %text)[0], qr/code=forbidden/, 'forbidden');

# What goes on in the room does not get there.

$alice->message('secret');
$alice->signal($dave, 'secret');
$dave->send({ type => 'update', name => 'Dave' });
$mod->send({ type => 'room', locked => true });
$http->post('rooms/den/messages', { data => 'secret' }, bearer => $key);
is($http->post('rooms/den/messages', { to => $waiting[0]->id, data => 1 },
    bearer => $key)->status, 404, 'the server sends it nothing');
$dave->leave;

# Nor by a guess of those inside.

for my $bob (@waiting) {
    $alice->send({ type => 'signal', to => $bob->id, data => 1, ref => 's' });

    my $answer;

    do { $answer = $alice->next } until $answer->{type} eq 'error';
    is($answer->{code}, 'no-such-peer', 'one inside can not signal to it');
}

for my $bob (@waiting) {
    $bob->send({ type => 'leave' });
    is($bob->close_code, 1000, 'it can leave');
    is_deeply([$bob->last_messages], [], 'and has heard nothing');
}


done_testing;

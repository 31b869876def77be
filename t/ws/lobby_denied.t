use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who was sent away from the lobby does not knock again for half a minute, with
# its token or one from before, at any host; a token made after that is taken.

use Otter::Hosts;

my $WHILE  = 30;
my @option = (workers => 2, api_keys => [{ id => 'main' }]);
my $alone  = Otter::Nginx->start(@option, listen => 'reuseport');
my $hosts  = Otter::Hosts->start(@option);

my @all = (
    ['one host', $alone, $alone, [[$alone]]],
    ['hosts', $hosts, $hosts->nginx(0),
        [map { [$hosts->nginx($_), at => $_] } 0, 1]],
);

my %denied;

sub knock ($where, $token, @at) {
    my $ws     = Otter::Peer->knock($where, 'bob', token => $token, @at)->ws;
    my $status = $ws->status;

    $ws->drop if $status == 101;

    return $status;
}

for my $on (@all) {
    my ($name, $where, $nginx, $each) = @$on;

    $nginx->http->post('rooms', { room => 'den', lobby => true },
        bearer => $nginx->api_key);

    my $mod = Otter::Peer->enter($where, 'mod',
        claims => { role => 'moderator' });
    my $older = mint($nginx->key, sub => 'bob');
    my (undef, @last) = @{ $each->[-1] };
    my $bob = Otter::Peer->wait($where, 'bob', @last);

    $mod->expect('knock');
    $mod->send({ type => 'deny', peer => $bob->id });

    $denied{$name} = { at => time, token => $bob->token, mod => $mod };

    # before that, another socket would replace the one that waits
    is($bob->close_code(20), 4403, "$name: sent away");
    is($mod->expect('peer-left')->{peer}, $bob->id, 'the moderator hears it');

    for my $one (@$each) {
        my ($nginx, @at) = @$one;

        for my $token ($bob->token, $older) {
            ok(eventually(5, sub {
                my $answer = $nginx->http->get('session', bearer => $token);
                $answer->status == 403 && $answer->json->{code} eq 'denied';
            }), 'by GET session');
            is(knock($where, $token, @at), 403, 'by a socket');
        }

        is($nginx->http->get('ice-servers', bearer => $bob->token)->status,
            200, 'the token itself is good');
    }

    ok($mod->is_quiet, 'the moderator hears nothing of it');

    Otter::Peer->wait($where, 'carol')->leave;
    $mod->expect($_) for qw(knock peer-left);

    my $later = Otter::Peer->wait($where, 'bob',
        claims => { iat => time + 1 });

    is($mod->expect('knock')->{peer}{identity}, 'bob',
        'a token of a later second lets it knock');
    $later->leave;
    $mod->expect('peer-left');

    # A room without a lobby has nobody to send away.

    $mod->send({ type => 'room', lobby => false });
    $mod->expect('room-updated');
    Otter::Peer->enter($where, 'bob', token => $bob->token)->leave;
    $mod->expect($_) for qw(peer-joined peer-left);
    $mod->send({ type => 'room', lobby => true });
    $mod->expect('room-updated');
    is(knock($where, $bob->token), 403, 'but with one it is as it was');
}

for my $on (@all) {
    my ($name, $where) = @$on;
    my $denied = $denied{$name};

    ok(eventually($WHILE + 30, sub {
        knock($where, $denied->{token}) == 101
    }), "$name: it ends");
    cmp_ok(time - $denied->{at}, '>=', $WHILE - 1, 'not before its time');
    is($denied->{mod}->expect('knock')->{peer}{identity}, 'bob', 'heard');
}


done_testing;

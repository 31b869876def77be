use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When the lobby is switched off those who wait come in, in the order in which
# they came: as many as fit, and the others as places become free.

use Otter::Hosts;

my $MAX   = 4;
my @option = (workers => 2, api_keys => [{ id => 'main' }]);
my $nginx = Otter::Nginx->start(@option, listen => 'reuseport');
my $hosts = Otter::Hosts->start(@option);

sub change ($nginx, %policy) {
    return $nginx->http->request(PATCH => 'rooms/den', json => \%policy,
        bearer => $nginx->api_key)->json;
}

# These come in together, in whatever order they are told; the last one fills
# the room, and finds it full.

sub come_in ($full, $bobs, @others) {
    my $all = @$bobs + @others;

    for my $other (@others) {
        is_deeply(
            [sort map { $other->expect('peer-joined', 10)->{peer}{id} } @$bobs],
            [sort map { $_->id } @$bobs],
            $other->identity . ' hears of who comes in');
        is($other->expect('room-updated')->{room}{status}, 'full', 'full')
            if $full;
    }

    for my $bob (@$bobs) {
        $bob->is_let_in;

        my $missing = $all - 1 - @{ $bob->welcome->{peers} };

        $bob->expect('peer-joined') for 1 .. $missing;
        is($bob->welcome->{room}{status}, $missing ? 'occupied' : 'full',
            $bob->identity . ' is in');
        $bob->expect('room-updated') if $missing;
    }
}

for my $on (['one host', $nginx, $nginx, sub { () }],
    ['hosts', $hosts, $hosts->nginx(0), sub ($n) { (at => $n % 2) }])
{
    my ($name, $where, $nginx, $at) = @$on;

    $nginx->http->post('rooms', { room => 'den', lobby => true,
        max_peers => $MAX }, bearer => $nginx->api_key);

    my $mod = Otter::Peer->enter($where, 'mod', $at->(0),
        claims => { role => 'moderator' });
    my @bob = map {
        my $bob = Otter::Peer->wait($where, "bob-$_", $at->($_));

        is($mod->expect('knock')->{peer}{id}, $bob->id, "$name: knocks");
        $bob;
    } 1 .. 4;

    # Off, and full.

    is(change($nginx, lobby => false)->{status}, 'full', "$name: off");

    my $told = $mod->expect('room-updated')->{room};

    is($told->{lobby}, false, 'as told');

    come_in(1, [@bob[0 .. 2]], $mod);

    $bob[3]->message('x');
    is($bob[3]->expect('error')->{code}, 'forbidden',
        'the one that does not fit waits on');
    $mod->send({ type => 'admit', peer => $bob[3]->id });
    is($mod->expect('error')->{code}, 'room-full', 'and can not be let in');

    # Who leaves makes a place for it; the room is full before and after.

    $bob[0]->leave;
    $_->expect('peer-left') for $mod, @bob[1, 2];
    come_in(0, [$bob[3]], $mod, @bob[1, 2]);
    ok($_->is_quiet, $_->identity . ' hears nothing else')
        for $mod, @bob[1 .. 3];

    # Three more wait, of whom one gives up and two find a larger room.

    change($nginx, lobby => true);
    $_->expect('room-updated') for $mod, @bob[1 .. 3];
    is(Otter::Peer->knock($where, 'late', $at->(0))->ws->status, 409,
        'nobody waits for a full room');

    $bob[1]->leave;
    $_->expect('peer-left') for $mod, @bob[2, 3];
    $_->expect('room-updated') for $mod, @bob[2, 3];

    my @more = map {
        my $more = Otter::Peer->wait($where, "more-$_", $at->($_ + 1));

        $mod->expect('knock');
        $more;
    } 0 .. 3;

    change($nginx, max_peers => 3);
    $_->expect('room-updated') for $mod, @bob[2, 3];
    change($nginx, lobby => false);
    $_->expect('room-updated') for $mod, @bob[2, 3];
    $_->message('x') for @more;
    is($_->expect('error')->{code}, 'forbidden', 'all wait') for @more;

    $more[0]->leave;
    is($mod->expect('peer-left')->{peer}, $more[0]->id, 'one gives up');
    change($nginx, max_peers => 5);
    $_->expect('room-updated') for $mod, @bob[2, 3];
    come_in(1, [@more[1, 2]], $mod, @bob[2, 3]);
    $more[3]->message('x');
    is($more[3]->expect('error')->{code}, 'forbidden', 'the last one waits');

    # Who is put out makes a place as well.

    $mod->send({ type => 'kick', peer => $bob[2]->id });
    is($bob[2]->close_code, 4403, 'kicked');
    $_->expect('peer-left') for $mod, $bob[3], @more[1, 2];
    come_in(0, [$more[3]], $mod, $bob[3], @more[1, 2]);
    ok($_->is_quiet, $_->identity . ' hears nothing else')
        for $mod, $bob[3], @more[1 .. 3];
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who was put out is refused at every host, at once, also at one that has
# nothing of the room, and at one that starts later.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 3, workers => 2,
    api_keys => [{ id => 'main' }]);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $mod   = Otter::Peer->enter($hosts, 'mod', at => 0,
    claims => { role => 'moderator' });

$alice->expect('peer-joined');

# Somebody new each time: a token of the second of a kick is refused as well.

sub out ($at) {
    state $n = 0;
    my $bob = Otter::Peer->enter($hosts, 'bob' . $n++, at => $at);

    $_->expect('peer-joined') for $alice, $mod;

    return $bob;
}

sub refused ($bob) {
    for my $at (0 .. 2) {
        ok(eventually(1, sub {
            $hosts->nginx($at)->http->get('session', bearer => $bob->token)
                ->status == 401;
        }), "host $at: refused by HTTP in a second");
        is(Otter::Peer->knock($hosts, $bob->identity, at => $at,
            token => $bob->token)->ws->status, 401, 'by socket');
        is($bob->try_resume(at => $at)->status, 401, 'by resume');
    }
}

# The socket is asked at once: no host lets it in before it has heard.

sub kicked ($bob, $name, $how) {
    $how->();
    is(Otter::Peer->knock($hosts, $bob->identity, at => 2,
        token => $bob->token)->ws->status, 401, "$name: not even at once");
    is($bob->close_code, 4403, 'closed with 4403');

    for my $peer ($alice, $mod) {
        my $left = $peer->expect('peer-left');

        is($left->{peer}, $bob->id, $peer->identity . ' hears it');
        is($left->{reason}, 'kicked', 'and why');
    }

    refused($bob);
}

for my $at (0 .. 2) {
    my $bob   = out(1);
    my $nginx = $hosts->nginx($at);

    kicked($bob, "by host $at", sub {
        is($nginx->http->delete('rooms/den/peers/' . $bob->id,
            bearer => $nginx->api_key)->status, 204, 'kicked');
    });
}

my $bob = out(1);

$mod->send({ type => 'kick', peer => $bob->id });
ok($mod->expect('peer-left'), 'by a moderator of another host');
is($bob->close_code, 4403, 'closed');
$alice->expect('peer-left');
refused($bob);

$mod->send({ type => 'kick', peer => 'x' x 20, ref => 7 });

my $error = $mod->expect('error');

is($error->{code}, 'no-such-peer', 'nobody');
is($error->{ref}, 7, 'with the ref');

my $later = Otter::Hosts->start(hosts => 1, redis => $hosts->redis,
    keys => [$hosts->key]);

ok(eventually(3, sub {
    $later->nginx(0)->http->get('session', bearer => $bob->token)
        ->status == 401;
}), 'a host that starts later refuses it too');

ok($alice->is_quiet, 'nothing else has happened');


done_testing;

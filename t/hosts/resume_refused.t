use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A forged, used, expired or foreign secret is a 401 at each host, and the
# session it is of does not notice.

use Otter::Hosts;
use Time::HiRes qw(sleep);

my $hosts   = Otter::Hosts->start(server => 'otter_resume_timeout 5s;');
my $alice   = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob     = Otter::Peer->enter($hosts, 'bob', at => 0);
my $mallory = Otter::Peer->enter($hosts, 'mallory', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');

sub away ($peer, @others) {
    $peer->drop;
    $_->expect('peer-away') for @others;
}

sub back ($peer, $at, @others) {
    $peer->resume(at => $at);
    $_->expect('peer-back') for @others;
}

my @used = $bob->secret;

for my $at (0, 1, 0) {
    away($bob, $alice, $mallory);
    back($bob, $at, $alice, $mallory);
    push @used, $bob->secret;
}

# Its socket is open, at host 0; then it is away.

for my $state ('at host 0', 'away') {
    my $good   = $bob->secret;
    my $last   = substr $good, -1;
    my $forged = substr($good, 0, -1) . ($last eq 'A' ? 'B' : 'A');
    my $middle = $good;

    substr $middle, 40, 1, substr($good, 40, 1) eq 'x' ? 'y' : 'x';

    my @table = (
        ['the last used secret', secret => $used[-2]],
        ['an older one',         secret => $used[0]],
        ['a forged secret',      secret => $forged],
        ['another forged one',   secret => $middle],
        ['a short secret',       secret => substr $good, 0, -1],
        ['the peer id',          secret => $bob->id],
        ['the peer id, and no secret',
            secret => substr($good, 0, 20) . 'A' x 32],
        ["another's token",      token  => $mallory->token],
        ['a token of another room',
            token => mint($hosts->key, sub => 'bob', room => 'lodge')],
        ["another's secret",     secret => $mallory->secret],
    );

    for my $case (@table) {
        my ($name, %option) = @$case;

        is_problem($bob->try_resume(%option, at => $_)->response,
            '401 resume-invalid', "$state, $name, host $_") for 0, 1;
    }

    my $expired = mint($hosts->key, sub => 'bob', exp => 1);

    is_problem($bob->try_resume(token => $expired, at => $_)->response,
        '401 token-expired', "$state, an expired token, host $_") for 0, 1;

    ok($_->is_quiet, $_->identity . ' noticed nothing') for $alice, $mallory;

    if ($state eq 'at host 0') {
        $alice->signal($bob, 'still there');
        is($bob->expect('signal')->{data}, 'still there', 'nor did bob');
        ok($bob->is_quiet, 'at all');
        away($bob, $alice, $mallory);
    }
}

$mallory->signal($bob, 'still yours');
back($bob, 1, $alice, $mallory);
is($bob->welcome->{resumed}, true, 'the session goes on');
is($bob->expect('signal')->{data}, 'still yours', 'with what it missed');

away($bob, $alice, $mallory);
is($_->expect('peer-left', 12)->{reason}, 'timeout', 'then its time is over')
    for $alice, $mallory;
is_problem($bob->try_resume(at => $_)->response, '401 resume-invalid',
    "at host $_") for 0, 1;
ok($_->is_quiet, $_->identity . ' noticed nothing') for $alice, $mallory;


done_testing;

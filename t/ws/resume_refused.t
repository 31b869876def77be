use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A forged, used, expired or foreign secret is a 401, and the session it is of
# does not notice.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));
my $mallory = Otter::Peer->enter($nginx, 'mallory');

$_->expect('peer-joined') for $alice, $bob;

my $used = $bob->secret;

$bob->drop;
$alice->expect('peer-away');
$mallory->expect('peer-away');
$bob->resume;
$alice->expect('peer-back');
$mallory->expect('peer-back');

$bob->drop;
$alice->expect('peer-away');
$mallory->expect('peer-away');

my $good    = $bob->secret;
my $forged  = substr($good, 0, -1)
    . (substr($good, -1) eq 'A' ? 'B' : 'A');
my $expired = mint($nginx->key, sub => 'bob', exp => 1);

my @table = (
    ['a used secret',        secret => $used],
    ['a forged secret',      secret => $forged],
    ['a short secret',       secret => substr $good, 0, -1],
    ['a long secret',        secret => "${good}A"],
    ['a very long secret',   secret => $good x 50],
    ['no secret',            secret => ''],
    ['the session id',       secret => $bob->welcome->{session}],
    ['the peer id',          secret => $bob->id],
    ['no text',              secret => "\0\n\xff"],
    ["another's token",      token  => $mallory->token],
    ['a token of another room',
        token => mint($nginx->key, sub => 'bob', room => 'lodge')],
    ["another's secret",     secret => $mallory->secret],
);

for my $case (@table) {
    my ($name, %option) = @$case;

    is_problem($bob->try_resume(%option)->response, '401 resume-invalid',
        $name);
}

is_problem($bob->try_resume(token => $expired)->response, '401 token-expired',
    'an expired token');
is($bob->try_resume(token => '')->status, 401, 'no token');

for my $seq (qw(x -1 1.5 99999999999999999999 %00)) {
    my $status = $bob->try_resume(seq => $seq)->status;

    like($status, qr/^40[01]$/, "seq $seq");
}

ok($_->is_quiet, $_->identity . ' noticed nothing') for $alice, $mallory;

$alice->signal($bob, 'still yours');
$bob->resume;
is($bob->welcome->{resumed}, true, 'the session goes on');
is($bob->expect('signal')->{data}, 'still yours', 'with what it missed');


done_testing;

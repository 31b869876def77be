use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A moderator puts peers out by its socket; others may not.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport');
my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));
my $mod = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator' });

$_->expect('peer-joined') for $alice, $bob, $carol;

sub error_of ($peer, $message) {
    my $error = $peer->send({ %$message, ref => 'r' })->expect('error');

    is($error->{ref}, 'r', 'with the ref');

    return $error->{code};
}

is(error_of($alice, { type => $_, peer => $bob->id }), 'forbidden',
    "$_: not for a participant") for qw(kick admit deny);
is(error_of($alice, { type => 'room', locked => true }), 'forbidden',
    'room: neither');
is(error_of($mod, { type => 'kick', peer => $_ }), 'no-such-peer',
    'nobody has that id') for 'nobody', 'x' x 20, "\x{e9}" x 20, 'x' x 200;
is(error_of($mod, { type => $_, peer => $bob->id }), 'no-such-peer',
    "$_: it does not wait") for qw(admit deny);
is(error_of($mod, { type => 'kick' }), 'bad-message', 'no id');

my $other = Otter::Peer->enter($nginx, 'dave', room => 'lodge');

is(error_of($mod, { type => 'kick', peer => $other->id }), 'no-such-peer',
    'a peer of another room');
ok($_->is_quiet, $_->identity . ' is still there')
    for $alice, $bob, $carol, $mod, $other;

$mod->send({ type => 'kick', peer => $bob->id });

is($bob->close_code, 4403, 'bob is closed with 4403');
is(($bob->last_messages)[-1]{reason}, 'kicked', 'and told why');

for my $peer ($alice, $carol, $mod) {
    my $left = $peer->expect('peer-left');

    is($left->{peer}, $bob->id, $peer->identity . ' hears that he left');
    is($left->{reason}, 'kicked', 'and why');
}

$mod->send({ type => 'kick', peer => $mod->id });
is($mod->close_code, 4403, 'a moderator may put itself out');
is($alice->expect('peer-left')->{peer}, $mod->id, 'and it is out');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# USR2: workers of the old binary and of the new one see the same rooms and
# reach each other.  When the old one quits, its sessions resume on the new
# one, and nothing is lost.  It may also be the new one that quits.

use Otter::Proc;

my $nginx = Otter::Nginx->start(workers => 2, daemon => 'on',
    api_keys => [{ id => 'main' }]);
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $old  = $nginx->upgrade;
my $new = newcomer();

is_deeply([map { $_->{identity} } @{ $new->welcome->{peers} }[0, 1]],
    [qw(alice bob)], 'who joins the new binary sees those of the old one');

exchange($alice, $new);

ok($nginx->retire($old, $nginx->pid), 'the old binary leaves');

for my $peer ($alice, $bob) {
    is($peer->close_code, 1012, $peer->identity . ' is closed with 1012');

    my ($bye) = grep { $_->{type} eq 'bye' } $peer->last_messages;

    like($bye->{retry_after_ms}, qr/^\d+$/, 'after a bye');
}

$new->signal($bob, 'meanwhile');

for my $peer ($alice, $bob) {
    $peer->resume;
    is($peer->welcome->{resumed}, true, $peer->identity . ' resumes');
    ok(is_new($peer), 'with the new binary');
}

skip_to($bob, 'signal', 'meanwhile');
exchange($alice, $bob);

# The new one can be given up as well.
$old = $nginx->upgrade;

my $dave = newcomer();

exchange($alice, $dave);
ok($nginx->retire($nginx->pid, $old), 'the new binary leaves');
is($dave->close_code, 1012, 'dave is closed with 1012');
$dave->resume;
is($dave->welcome->{resumed}, true, 'dave resumes with the old binary');
exchange($alice, $dave);


# One who is with the new binary, for both accept connections.

sub newcomer () {
    for my $n (1 .. 50) {
        my $peer = Otter::Peer->enter($nginx, "later-$n");

        return $peer if is_new($peer);

        $peer->leave;
    }

    die 'nobody came to the new binary';
}


sub is_new ($peer) {
    return Otter::Proc::owner_of_connection($peer->ws->socket->ports,
        $nginx->worker_pids);
}


# A signal each way, whatever else they were told before.

sub exchange ($one, $other) {
    for ([$one, $other], [$other, $one]) {
        my ($from, $to) = @$_;

        $from->signal($to, 'hello from ' . $from->identity);
        skip_to($to, 'signal', 'hello from ' . $from->identity);
    }
}


sub skip_to ($peer, $type, $data) {
    my $message;

    do {
        $message = $peer->next;
    } while ($message->{type} =~ /^peer-/);

    is($message->{type}, $type, $peer->identity . " gets a $type");
    is($message->{data}, $data, 'the right one');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A session whose socket dropped at one host goes on at another: every missed
# message is replayed in order.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 0);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);
my $sent  = 0;

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');

for my $round (1 .. 6) {
    my $first = $bob->welcome;
    my $seen  = $bob->seq;

    $bob->signal($alice, "before $round");
    is($alice->expect('signal')->{data}, "before $round", 'bob is heard');
    $bob->drop;
    is($alice->expect('peer-away')->{peer}, $bob->id, 'alice hears: away');
    is($carol->expect('peer-away')->{peer}, $bob->id, 'carol hears: away');

    $alice->signal($bob, "$round alice $_") for 1 .. 3;
    $carol->signal($bob, "$round carol $_") for 1 .. 3;
    $alice->message("$round to all");
    is($carol->expect('message')->{data}, "$round to all", 'the room goes on');
    ok($_->is_quiet, $_->identity . ' can send to who is away')
        for $alice, $carol;

    my $at = $round % 2;

    $bob->resume(at => $at);

    my $welcome = $bob->welcome;

    is($hosts->host_of($bob->ws->socket), $at, "back at host $at");
    is($welcome->{resumed}, true, 'resumed');
    is($welcome->{seq}, $seen + 1, 'the next seq');
    is($welcome->{session}, $first->{session}, 'the session');
    is_deeply($welcome->{self}, $first->{self}, 'the peer');
    isnt($welcome->{resume}, $first->{resume}, 'a new secret');
    is($welcome->{received}, $sent + 1, 'what the server has taken');
    is_deeply([sort map { $_->{identity} } @{ $welcome->{peers} }],
        [qw(alice carol)], 'the others');

    my @missed = map { $bob->next } 1 .. 7;

    is((scalar grep { $_->{type} eq 'resync' } @missed), 0, 'no resync');

    for my $from ($alice, $carol) {
        is_deeply([map { $_->{data} } grep { $_->{type} eq 'signal'
            && $_->{from} eq $from->id } @missed],
            [map { "$round " . $from->identity . " $_" } 1 .. 3],
            'signals of ' . $from->identity . ', in order');
    }

    is_deeply([map { $_->{data} } grep { $_->{type} eq 'message' } @missed],
        ["$round to all"], 'the message');

    is($_->expect('peer-back')->{peer}, $bob->id,
        $_->identity . ' hears: back') for $alice, $carol;

    $bob->message("after $round");
    is($_->expect('message')->{data}, "after $round", 'bob is heard again')
        for $alice, $carol;
    $alice->signal($bob, 'on');
    $carol->signal($bob, 'on');
    is($bob->expect('signal')->{data}, 'on', 'and hears') for 1, 2;
    ok($bob->is_quiet, 'nothing twice');

    # Two that were heard, and what is_quiet sends.
    $sent += 3;
}


done_testing;

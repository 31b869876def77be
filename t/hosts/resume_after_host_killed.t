use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When its host is killed, a session is resumed at another with a resync, or
# is over: whoever comes is told.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my @peers = map { Otter::Peer->enter($hosts, "peer-$_", at => 1) } 1 .. 3;

$alice->expect('peer-joined') for @peers;
$hosts->kill(1);
is($_->close_code, 1006, 'its socket is lost') for @peers;
$alice->signal($_, 'sent to a dead host') for @peers;

for my $peer (@peers) {
    my $ws = $peer->try_resume(at => 0);

    if ($ws->status == 101) {
        $peer->resumed($ws);
        is($peer->welcome->{resumed}, true, 'resumed');
        ok(!exists $peer->welcome->{received},
            'nobody knows what was taken of it');

        my $next = $peer->next;

        $next = $peer->next while $next->{type} eq 'peer-back'
            || $next->{type} eq 'peer-left';

        is($next->{type}, 'resync', 'with a resync');
        is_deeply([grep { $_->{id} eq $alice->id } @{ $next->{peers} }],
            [$alice->welcome->{self}], 'whose snapshot has the others');

    } else {
        is($ws->status, 401, 'or refused');
        isnt(Otter::Peer->enter($hosts, $peer->identity)->id, $peer->id,
            'and joins anew');
    }
}


done_testing;

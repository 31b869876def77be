use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A token of another role than the session's is a 401 at each host, and takes
# nothing from the session.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(workers => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 1);

my %other = (moderator => 'participant', participant => 'moderator');

for my $role (sort keys %other) {
    my $peer = Otter::Peer->enter($hosts, 'peer', at => 0,
        claims => { role => $role, name => '","role":"moderator"' });
    my $token = mint($hosts->key, sub => 'peer', room => 'den',
        role => $other{$role});

    $alice->expect('peer-joined');
    $peer->drop;
    $alice->expect('peer-away');
    $alice->signal($peer, 'missed');

    is_problem($peer->try_resume(token => $token, at => $_)->response,
        '401 resume-invalid', "the session of a $role, host $_") for 0, 1, 0;

    ok($alice->is_quiet, 'nobody notices');

    for my $at (0, 1) {
        $peer->resume(at => $at);
        is($peer->welcome->{self}{role}, $role, "a $role again, host $at");
        is($peer->expect('signal')->{data}, 'missed', 'with what it missed')
            if $at == 0;
        $alice->expect('peer-back');
        $peer->drop;
        $alice->expect('peer-away');
    }

    $peer->resume;
    $alice->expect('peer-back');
    $peer->leave;
    $alice->expect('peer-left');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A guest takes the place of nobody who is none, at no host.

use Otter::Hosts;

my $hosts = Otter::Hosts->start;
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $guest = Otter::Peer->enter($hosts, 'guest', at => 1,
    claims => { iss => 'guest' });

$alice->expect('peer-joined');

for my $at (0, 1) {
    my $try = Otter::Peer->knock($hosts, 'alice', at => $at,
        claims => { iss => 'guest' });

    is_problem($try->ws->response, '409 identity-taken', "host $at");
    is($alice->try_resume(at => $at, seq => 0, token => $try->token)->status,
        401, 'nor goes on with a session');
}

ok($alice->is_quiet, 'alice is still there');

my $again = Otter::Peer->enter($hosts, 'guest', at => 0,
    claims => { iss => 'guest' });

is($guest->close_code, 4409, 'a guest replaces a guest');


done_testing;

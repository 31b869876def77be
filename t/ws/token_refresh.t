use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A fresh token for the same identity and room lets a socket live on; any
# other is refused, and changes nothing.

use Time::HiRes qw(sleep time);

my $nginx = Otter::Nginx->start;
my $alice = Otter::Peer->enter($nginx, 'alice',
    claims => { exp => int(time) + 3 });

sub offer (%claims) {
    $alice->send({ type => 'token', ref => 1,
        token => mint($nginx->key, %claims) });
}

my %bad = (
    'another identity' => { sub  => 'bob' },
    'another room'     => { room => 'lodge' },
    'an expired one'   => { exp  => 1 },
);

for my $name (sort keys %bad) {
    offer(%{ $bad{$name} });

    my $error = $alice->expect('error');

    is($error->{ref}, 1, "refused: $name");
    note($error->{code});
}

$alice->send({ type => 'token', token => 'x' });
is($alice->expect('error')->{code}, 'token-malformed', 'refused: no token');

offer(exp => int(time) + 600);
ok($alice->is_quiet, 'a good one is taken in silence');
sleep 4;
ok($alice->is_quiet, 'and the socket outlives the first');

offer(exp => int(time) + 1);
is($alice->close_code(6), 4401, 'but not the last');


done_testing;

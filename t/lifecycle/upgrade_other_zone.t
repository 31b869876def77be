use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# USR2 to a binary that can't use the zone of the one before: it has one of
# its own, and says so.  Sessions of the old one are told to go, can't be
# resumed, and join anew.

use Otter::Keys qw(write_private);

my $nginx = Otter::Nginx->start(workers => 1, daemon => 'on',
    http => 'otter_zone otter:4m;');
my $alice = Otter::Peer->enter($nginx, 'alice');

write_private($nginx->path('nginx.conf'),
    $nginx->conf =~ s/otter:4m/otter:8m/r, 0644);

my $old = $nginx->upgrade;

ok($nginx->logs(qr/the zone of the binary before has another size/),
    'the log says so');
ok($nginx->retire($old, $nginx->pid), 'the old binary leaves');
is($alice->close_code, 1012, 'alice is closed with 1012');
is((grep { $_->{type} eq 'bye' } $alice->last_messages), 1, 'after a bye');
is_problem($alice->try_resume->response, '401', 'she can not resume');
is(Otter::Peer->enter($nginx, 'alice')->welcome->{resumed}, false,
    'but join anew');


done_testing;

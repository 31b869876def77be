use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;
use Time::HiRes qw(time);

# Old workers leave within worker_shutdown_timeout, even where a peer answers
# no Close; and its session resumes all the same.

my $nginx = Otter::Nginx->start(workers => 2,
    main => 'worker_shutdown_timeout 1s;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

# Of what she is sent alice reads nothing until they are gone.
my $start = time;

$nginx->reload;
ok($nginx->old_workers_leave(4), 'the old workers leave');
cmp_ok(time - $start, '<', patience(4), 'in time');

for my $peer ($alice, $bob) {
    is($peer->close_code, 1012, $peer->identity . ' finds a Close with 1012');
    $peer->resume;
    is($peer->welcome->{resumed}, true, 'and resumes');
}


done_testing;

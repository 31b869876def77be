use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A configuration that is wrong changes nothing.

use Otter::Keys qw(write_private);

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$nginx->allow_log(qr/\[emerg\].*otter_max_peers/);
write_private($nginx->path('nginx.conf'),
    $nginx->conf =~ s/(?=otter_signaling on)/otter_max_peers x; /r, 0644);
$nginx->signal('HUP');

ok($nginx->logs(qr/\[emerg\].*otter_max_peers/), 'it is said why');
$alice->signal($bob, 1);
is($bob->expect('signal')->{data}, 1, 'everything goes on');


done_testing;

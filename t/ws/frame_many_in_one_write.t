use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A hundred messages in one write all arrive, once and in order.

my $nginx = Otter::Nginx->start(server => 'otter_message_rate 1000;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->ws->send_raw(join '', map { frame(payload => to_json(
    { type => 'signal', to => $bob->id, data => $_ })) } 1 .. 100);

is_deeply([map { $bob->expect('signal')->{data} } 1 .. 100], [1 .. 100],
    'all, in order');
ok($bob->is_quiet, 'and no more');
ok($alice->is_quiet, 'without an error');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_message_rate with its burst is taken; more closes with 4429.

my $nginx = Otter::Nginx->start(server => 'otter_message_rate 20;');
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->message($_) for 1 .. 95;
is($bob->expect('message')->{data}, $_, "message $_ of the burst") for 1 .. 95;
ok($alice->is_quiet, 'and the sender stays');

my $carol = Otter::Peer->enter($nginx, 'carol');

$_->expect('peer-joined') for $alice, $bob;
$carol->message($_) for 1 .. 200;
is($carol->close_code, 4429, 'too many at once: 4429');

my @heard;

do {
    push @heard, $bob->next;
} while ($heard[-1]{type} eq 'message');

cmp_ok(scalar @heard, '>', 90, 'what was within the burst was relayed');
cmp_ok(scalar @heard, '<', 200, 'and not the rest');
like($heard[-1]{type}, qr/^peer-(?:away|left)$/, 'others hear that it went');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When the buffer does not reach back to what was seen, a resync with a full
# snapshot says so.

my $nginx = Otter::Nginx->start(server => 'otter_message_rate 100000;
    otter_max_message_size 64k; otter_send_buffer 256k;');

my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

$bob->drop;
$_->expect('peer-away') for $alice, $carol;

my $data = 'x' x 60_000;

for my $n (1 .. 200) {
    $alice->signal($bob, "$n $data");
    $alice->is_quiet or last if $n % 20 == 0;
}

$carol->leave;
$alice->expect('peer-left');

my $ws = $bob->try_resume;

is($ws->status, 101, 'resumed') || diag($ws->response->body);

my $welcome = from_json($ws->next_message);
my @rest;

do {
    push @rest, from_json($ws->next_message);
} until $rest[-1]{type} eq 'resync' || @rest > 250;

my $resync = $rest[-1];

is($welcome->{type}, 'welcome', 'a welcome');
is($resync->{type}, 'resync', 'a resync');
is_deeply([map { $_->{seq} } @rest],
    [map { $welcome->{seq} + $_ } 1 .. @rest], 'numbered without a hole');
is_deeply($resync->{self}, $bob->welcome->{self}, 'the snapshot has self');
is($resync->{room}{room}, 'den', 'the room');
is_deeply($resync->{peers}, [$alice->welcome->{self}],
    'and the peers of now');


done_testing;

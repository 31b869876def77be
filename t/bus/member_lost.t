use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A worker takes nothing for seconds while the zone is full, so that what would
# have told peers that they are out is lost on the way: they are closed with
# 4503, and come back anew.

use Otter::Placed qw(enter_at other_worker status_at);

my $ROOMS = 6;
my $PEERS = 60;

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    api_keys => [{ id => 'main' }],
    http     => 'otter_zone otter:2m;',
    mount    => 'otter_signaling on; location = /status { otter_status; }',
    server   => 'otter_message_rate 5000; otter_max_peers 200;');

my $mod   = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator' });
my $here  = $nginx->worker_of($mod->ws->socket);
my $there = other_worker($nginx, $here);
my @bob   = map { enter_at($nginx, $there, "bob-$_") } 1 .. $PEERS;

my (@loud, @deaf);

for my $n (1 .. $ROOMS) {
    push @loud, enter_at($nginx, $here, 'loud', room => "loud-$n");
    push @deaf, enter_at($nginx, $there, 'deaf', room => "loud-$n");
    $loud[-1]->pending;
}

$_->pending for $mod, @bob;

# Full, for what is large and then for what is small.

for my $metadata ({ x => 'x' x 3000 }, { x => 'x' x 800 }, undef) {
    my $n = 0;

    $n++ while $n < 10_000 && $nginx->http->post('rooms',
        $metadata ? { metadata => $metadata } : {},
        bearer => $nginx->api_key)->status == 201;
}

kill STOP => $there;

for my $loud (@loud) {
    $loud->message('x' x 2000) for 1 .. 400;
    $loud->signal('nobody', 1);
}

$_->expect('error', 30) for @loud;
$mod->send({ type => 'kick', peer => $_->id }) for @bob;
$mod->expect('peer-left', 10) for @bob;

kill CONT => $there;

my (%code, $lost);

for my $bob (@bob) {
    my $code = $bob->close_code(30);

    $code{$code}++;
    $lost = $bob if $code == 4503;
}

is_deeply([grep { $_ != 4403 && $_ != 4503 } keys %code], [],
    'all are closed as those who are out');
cmp_ok($code{4503} // 0, '>', 0, 'some, whose order was lost, with 4503')
    or diag(explain(\%code));

if ($lost) {
    my $bye = ($lost->last_messages)[-1];

    is($bye->{type}, 'bye', 'after a bye');
    is($bye->{reason}, 'bus-lost', 'that says why');
    like($bye->{retry_after_ms}, qr/^\d+$/, 'and when to come back');
    is($lost->try_resume->status, 401, 'though the session is no more');
}

is(status_at($nginx)->{closes}{4503}, $code{4503}, 'counted');


done_testing;

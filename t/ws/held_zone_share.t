use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What is held for away peers of all rooms takes half of the zone at the most,
# so that newcomers are let in; and one peer's part is otter_send_buffer.

my $nginx = Otter::Nginx->start(http => 'otter_zone otter:4m;',
    mount  => 'otter_signaling on; location = /status { otter_status; }',
    server => 'otter_message_rate 1000; otter_send_buffer 300k;');

my $text  = 'x' x 3000;
my $share = 4 * 1024 * 1024 / 2;
my @away;

for my $n (1 .. 10) {
    my ($alice, $bob) = peers($nginx, 'alice', 'bob', { room => "room-$n" });

    $bob->ws->send_close(4000);
    $alice->expect('peer-away');
    $alice->message($text) for 1 .. 80;
    $alice->is_quiet;
    push @away, $bob;
}

my $held = status('held_bytes');

cmp_ok($held, '<=', $share, "$held bytes are held: not more than half");
cmp_ok($held, '>', $share / 2, 'though much');
cmp_ok(status('held_over'), '>', 0, 'some have a gap');

is(Otter::Peer->enter($nginx, 'carol', room => 'another')->welcome->{resumed},
    false, 'newcomers are let in');

my %first;

for my $bob (@away) {
    $bob->resume;
    $first{ $bob->next->{type} }++;
}

is_deeply([sort keys %first], [qw(message resync)],
    'each is told all, or to resync');

# At a peer's limit, and over it.
for my $size (30, 31) {
    my ($alice, $bob) = peers($nginx, 'alice', 'bob', { room => "lone-$size" });

    $bob->send({ type => 'ack', seq => $bob->seq });
    $bob->ws->send_close(4000);
    $alice->expect('peer-away');

    my $head = length '"type":"message","from":"' . $alice->id
        . '","data":""}';

    $alice->message('x' x ($size * 1024 - $head)) for 1 .. 10;
    $alice->is_quiet;
    $bob->resume;
    is($bob->next->{type}, $size > 30 ? 'resync' : 'message',
        "ten messages of $size KB");
}


sub status ($name) {
    return $nginx->http(prefix => '/')->get('status?format=json')
        ->json->{$name};
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Signals and messages go from host to host as within one: byte for byte, to
# those they are for, in order.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(hosts => 3);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 2);
my $dave  = Otter::Peer->enter($hosts, 'dave', at => 0);
my $other = Otter::Peer->enter($hosts, 'bob', at => 1, room => 'lodge');

$alice->expect('peer-joined') for 1 .. 3;
$bob->expect('peer-joined') for 1, 2;
$carol->expect('peer-joined');

my @data = ('-0', '1E+2', '"\u0041"', '"\u0000"', "[1,\t2 ,\r\n 3]",
    '{"a":1,"a":2}', "\"\xf0\x9f\xa6\xa6\"", '[' x 30 . ']' x 30,
    '{"type":"bye","seq":1,"from":"x"}', '"' . 'x' x 60_000 . '"');

for my $data (@data) {
    my $name = substr $data, 0, 30;

    $alice->send(qq({"type":"signal","to":"${\ $bob->id}","data":$data}));
    is($bob->expect('signal')->{from}, $alice->id, 'from alice');
    like($bob->text, qr/,"data":\Q$data\E\}$/, "signal: $name");

    $alice->send(qq( { "data" :  $data ,"type":"message" }\n));

    for my $to ($bob, $carol, $dave) {
        is($to->expect('message')->{from}, $alice->id, 'from alice');
        like($to->text, qr/,"data":\Q$data\E\}$/, "message: $name");
    }
}

ok($_->is_quiet, $_->identity . ' got nothing else')
    for $alice, $bob, $carol, $dave, $other;

for my $n (1 .. 200) {
    $alice->signal($bob, $n);
    $alice->message($n) if $n % 3 == 0;
}

my @due = map { $_ % 3 ? $_ : ($_, $_) } 1 .. 200;

is_deeply([map { $bob->next->{data} } @due], \@due,
    'signals and messages keep their order');
is_deeply([map { $carol->next->{data} } grep { $_ % 3 == 0 } 1 .. 200],
    [grep { $_ % 3 == 0 } 1 .. 200], 'at each host');

for my $gone ($other->id, 'x' x 20) {
    $carol->signal($gone, 1, ref => "to $gone");

    my $error = $carol->expect('error');

    is($error->{code}, 'no-such-peer', 'who is not in the room');
    is($error->{ref}, "to $gone", 'is told');
}

ok($other->is_quiet, 'and not sent to');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::FakeTurn qw(attribute challenge failure message);

# What is no answer is passed over, and what is no TURN server is told.

sub report_of ($fake) {
    return json_of(otter(qw(check --json --turn), '127.0.0.1:' . $fake->port,
        '--turn-secret', file_in('turn.secret')));
}

put('turn.secret', 'x' x 32);

my $mapped = attribute(0x0020, pack 'CCn N', 0, 1, 1 ^ 0x2112,
    0x7f000001 ^ 0x2112a442);

my $fake = Otter::FakeTurn->start(steps => [
    sub ($request) {
        my $good  = message($request, 0x0100, $mapped);
        my $other = $good;

        substr $other, 10, 1, 'x';

        return ('', 'garbage', $other, $request, substr($good, 0, 25),
            "\xff" x 20, $good);
    },
    sub ($request) { () },
]);

my $found = finding(report_of($fake), 'ok', qr/answers over UDP/);

like($found->{message}, qr/sees 127\.0\.0\.1:1\z/,
    'an answer among other datagrams');

my %tcp = (
    'a web server' => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
    'a long text'  => 'x' x 3000,
    'a huge length' => pack('nnNa12', 0x0101, 0xfffc, 0x2112a442, 'x' x 12)
        . 'x' x 3000,
);

for my $name (sort keys %tcp) {
    $fake = Otter::FakeTurn->start(tcp => 1,
        steps => [sub ($request) { $tcp{$name} }]);

    ok(finding(report_of($fake), 'problem', qr/no STUN and TURN.*TCP/),
        "$name is no TURN server");
}

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Data is relayed byte for byte as the sender wrote it.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my @data = (
    '1', '-0', '1e1', '1E+2', '0.10', '12345678901234567890123456789',
    '1e400', 'null', 'true', 'false', '""', '[]', '{}', '[ ]', '{ }',
    '"\u0041"', '"\/"', '"\ud83e\udda6"', "\"\xf0\x9f\xa6\xa6\"", '"\u0000"',
    "\"\x7f\"", '"\\\\\"\b\f\n\r\t"', '{"b":1,"a":2}', '{"a":1,"a":2}',
    '{"a":{"a":{"a":1}}}', "[1,\t2 ,\r\n 3]", '"}"', '"],\"data\":1"',
    '{"type":"bye","seq":1,"from":"x","to":"y","data":"z"}',
    '[' x 30 . ']' x 30, '"' . 'x' x 50_000 . '"', "\"\xc3\xa9\xe2\x82\xac\"",
);

for my $data (@data) {
    my $name = substr $data, 0, 40;

    $alice->send(qq({"type":"signal","to":"${\ $bob->id}","data":$data}));
    $bob->expect('signal');
    like($bob->text, qr/,"data":\Q$data\E\}$/, "signal: $name");

    $alice->send(qq( { "data" :  $data ,"type":"message" }\n));
    $bob->expect('message');
    like($bob->text, qr/,"data":\Q$data\E\}$/, "message: $name");
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A message may have any form that JSON allows.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $deepest = '[' x 31 . ']' x 31;

my %good = (
    'spaces'          => " \t\r\n{ \"type\" : \"message\" , \"data\" : 1 }\n",
    'data first'      => '{"data":1,"type":"message"}',
    'unknown names'   => '{"type":"message","data":1,"x":{"y":[null]},"":0}',
    'an escaped name' => '{"t\u0079pe":"message","data":1}',
    'an escaped type' => '{"type":"mess\u0061ge","data":1}',
    'the deepest'     => qq({"type":"message","data":$deepest}),
    'data null'       => '{"type":"message","data":null}',
    'names twice, deeper' => '{"type":"message","data":{"a":1,"a":2}}',
    'a name that begins alike' => '{"type":"message","data":1,"dat":2}',
);

for my $name (sort keys %good) {
    $alice->send($good{$name});
    is($bob->expect('message')->{from}, $alice->id, $name);
}

my $to = join '', map { sprintf '\u%04x', ord } split //, $bob->id;

$alice->send(qq({"type":"signal","to":"$to","data":1}));
is($bob->expect('signal')->{data}, 1, 'an escaped receiver');


done_testing;

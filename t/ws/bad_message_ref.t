use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# An error about a message returns its ref, byte for byte.

my $nginx = Otter::Nginx->start;
my ($alice) = peers($nginx, 'alice');

my @refs = ('1', '1.50', '"a"', 'null', 'true', '{"b":1,"a":[2]}', '[ 1 ]',
    '"\u0041"', '"' . 'x' x 200 . '"');

for my $ref (@refs) {
    $alice->send(qq({"type":"signal","to":"x","data":1,"ref":$ref}));
    is($alice->expect('error')->{code}, 'no-such-peer', "no-such-peer: $ref");
    like($alice->text, qr/"ref":\Q$ref\E[,}]/, 'its ref');

    $alice->send(qq({"ref":$ref,"type":"shout"}));
    is($alice->expect('error')->{code}, 'bad-message', "bad-message: $ref");
    like($alice->text, qr/"ref":\Q$ref\E[,}]/, 'its ref');
}


done_testing;

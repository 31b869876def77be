use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Metadata that can't be kept is refused with the reason, and changes nothing.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $case (
    ['{"n":1e999}',                            qr/too large/],
    ['{"n":123456789012345678901234567890}',   qr/too large/],
    ['{"a":{"b":1,"b":2}}',                    qr/twice/],
    ['{"s":"\u0000"}',                         qr/U\+0000/],
    ['{"s":"' . 'x' x 4096 . '"}',             qr/longer than 4096/],
) {
    $alice->send(qq({"type":"update","metadata":$case->[0],"ref":1}));

    my $error = $alice->expect('error');

    is($error->{code}, 'bad-message', substr $case->[0], 0, 30);
    like($error->{detail}, $case->[1], 'and why');
}

ok($bob->is_quiet, 'nobody hears of it');
$alice->send('{"type":"update","metadata":{"n":9007199254740993}}');
is($bob->expect('peer-updated')->{peer}{metadata}{n}, 9007199254740993,
    'what can be kept is');


done_testing;

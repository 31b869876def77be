use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);

# What works but ought to be looked at is a warning, and no failure.

my %entry = (hash => 'ab' x 32);

my @table = (
    ['--api-keys', to_json({ keys => [] }), qr/no active/],
    ['--api-keys', to_json({ keys => [
        { %entry, id => 'a', expires_at => '2020-01-01T00:00:00Z' },
        { %entry, id => 'b', revoked_at => '2020-01-01T00:00:00Z' },
    ] }), qr/no active/],
    ['--jwt-keys', to_json({ keys => [
        { kty => 'oct', kid => 'a', k => 'A' x 43,
            otter_verifies_until => '9999-01-01T00:00:00Z' },
    ] }), qr/has an end, and no key follows/],
    ['--turn-secret', "north\n", qr/5 characters can be guessed/],
);

for my $row (@table) {
    my ($option, $text, $message) = @$row;
    my $result = otter('check', '--json', $option, put('file', $text));
    my $report = json_of($result);

    is($result->{exit}, 0, "$option: $message");
    is($report->{warnings}, 1, 'one warning');
    ok($report->{ok}, 'nothing is wrong');
    ok(finding($report, 'warning', $message)->{remedy}, 'with a remedy');
}

done_testing();

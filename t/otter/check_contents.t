use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);
use Otter::Key;

# What nginx would not take from a file is a problem, told with its reason.

my $hash   = 'ab' x 32;
my $public = to_json({ keys => [Otter::Key->es256('es')->public_jwk] });

my @table = (
    ['--api-keys', '', qr/empty/],
    ['--api-keys', '{"keys":[', qr/not valid JSON/],
    ['--api-keys', '{"keys":[{"id":"a_b"}]}', qr/"id"/],
    ['--api-keys', qq({"keys":[{"id":"a","hash":"$hash"},)
        . qq({"id":"a","hash":"$hash"}]}), qr/two keys/],
    ['--jwt-keys', '', qr/empty/],
    ['--jwt-keys', '{"keys":[]}', qr/no key/],
    ['--jwt-keys', '{"keys":[{"kty":"oct","kid":"a","k":"QUJD"}]}',
        qr/shorter than 32/],
    ['--jwt-keys', $public, qr/can sign/],
    ['--turn-secret', '', qr/empty/],
    ['--turn-secret', " \n\t\r\n", qr/no secret/],
    ['--turn-secret', 'x' x 512, qr/longer than 511/],
    ['--turn-secret', "secret-secret-secret\n" x 9, qr/eight lines/],
);

for my $row (@table) {
    my ($option, $text, $message) = @$row;
    my $path   = put('file', $text);
    my $result = otter('check', '--json', $option, $path);
    my $report = json_of($result);
    my $found  = finding($report, 'problem', $message);

    is($result->{exit}, 1, "$option: $message");
    ok($found, 'the reason is told') or diag($result->{stdout});
    is($found->{subject}, $path, 'of the file');
    ok(length $found->{remedy}, 'with a remedy');
}

done_testing();

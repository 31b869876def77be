use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A revoked key stays in the file, with the time; others are left alone.

my $path = file_in('keys.json');

otter_json(qw(key create --file), $path, '--id', $_) for qw(a b);

my $result = otter(qw(key revoke a --file), $path);

is($result->{exit}, 0, 'it succeeds');
is($result->{stdout}, '', 'there is no output');
like($result->{stderr}, qr/"a" is revoked since \d/, 'what was done is told');

my %key = map { $_->{id} => $_ }
    @{ otter_json(qw(key list --file), $path)->{keys} };

is($key{a}{status}, 'revoked', 'it is revoked');
is($key{b}{status}, 'active', 'the other is active');

my $answer = otter_json(qw(key revoke --file), $path, 'b');

is_deeply([sort keys %$answer], [qw(id revoked_at)], 'id and time in JSON');
is($answer->{id}, 'b', 'the id');
like($answer->{revoked_at}, qr/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/,
    'the time');

done_testing();

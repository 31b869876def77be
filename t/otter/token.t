use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Token qw(claims_of header_of);

# A token has the claims of the interface, and lives for an hour.

my $path = file_in('jwt.json');

otter_json(qw(secret new --kid mine --file), $path);

my $before = time;
my $result = otter(qw(token --room den --identity alice --secret-file),
    $path);
my $after = time;

is($result->{exit}, 0, 'it succeeds');
like($result->{stdout}, qr/\A[\w-]+\.[\w-]+\.[\w-]+\n\z/,
    'the output is the token and nothing else');
like($result->{stderr}, qr/"den" until \d{4}-/, 'a person is told more');

my $token  = $result->{stdout} =~ s/\n//r;
my $claims = claims_of($token);

is_deeply(header_of($token), { alg => 'HS256', kid => 'mine', typ => 'JWT' },
    'its header');
is($claims->{room}, 'den', 'its room');
is($claims->{sub}, 'alice', 'its identity');
is($claims->{aud}, 'otter', 'its audience');
is($claims->{role}, 'participant', 'its role');
ok(length $claims->{jti} >= 16, 'a name of its own');
cmp_ok($claims->{iat}, '>=', $before, 'issued now');
cmp_ok($claims->{iat}, '<=', $after, 'not later');
is($claims->{nbf}, $claims->{iat}, 'valid at once');
is($claims->{exp}, $claims->{iat} + 3600, 'for an hour');
ok(!exists $claims->{$_}, "no $_") for qw(name metadata);

done_testing();

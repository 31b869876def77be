use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);

# A set has at most 64 keys: nginx would not read more, so no more are added.

my $path = put('jwt.json', to_json({ keys => [
    map { { kty => 'oct', kid => "k$_", k => 'A' x 43 } } 1 .. 63,
] }));

is(otter(qw(secret new --file), $path)->{exit}, 0, 'the 64th');

my $before = slurp($path);
my $result = otter(qw(secret new --file), $path);

is($result->{exit}, 1, 'the 65th is refused');
like($result->{stderr}, qr/more than 64 keys/, 'with the reason');
is(slurp($path), $before, 'the file is as before');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json to_json);

# What the command does not know is kept.

my $path = put('keys.json', to_json({
    comment => "caf\x{e9}",
    version => 7,
    keys    => [{ id => 'web', hash => 'ab' x 32, owner => { team => [1, 2.5] } }],
}));

otter_json(qw(key create --id new --file), $path);
otter_json(qw(key revoke web --file), $path);

my $file = from_json(slurp($path));

is($file->{comment}, "caf\x{e9}", 'a string of the file');
is($file->{version}, 7, 'a number of the file');
is_deeply($file->{keys}[0]{owner}, { team => [1, 2.5] }, 'a member of a key');
is($file->{keys}[1]{id}, 'new', 'the new key is there');

$path = put('jwt.json', to_json({
    comment => 'mine',
    keys    => [{ kty => 'oct', kid => 'old', k => 'A' x 43, note => 'x' }],
}));

otter_json(qw(secret new --kid new --file), $path);

$file = from_json(slurp($path));

is($file->{comment}, 'mine', 'a member of a JWK Set');
is($file->{keys}[1]{note}, 'x', 'a member of a JWK');
is($file->{keys}[1]{k}, 'A' x 43, 'and the key itself');

done_testing();

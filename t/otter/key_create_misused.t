use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# What cannot be meant is refused before anything is written.

my $path = file_in('keys.json');

my @table = (
    ['no file',             []],
    ['file without value',  ['--file']],
    ['file twice',          ['--file', $path, '--file', $path]],
    ['id empty',            ['--file', $path, '--id', '']],
    ['id with underscore',  ['--file', $path, '--id', 'a_b']],
    ['id with a space',     ['--file', $path, '--id', 'a b']],
    ['id not ASCII',        ['--file', $path, '--id', "\xc3\xa4"]],
    ['id of 65',            ['--file', $path, '--id', 'a' x 65]],
    ['id of guests',        ['--file', $path, '--id', 'guest']],
    ['rooms empty',         ['--file', $path, '--rooms', '']],
    ['rooms with a slash',  ['--file', $path, '--rooms', 'a/*']],
    ['rooms of 257',        ['--file', $path, '--rooms', 'a' x 257]],
    ['scopes empty',        ['--file', $path, '--scopes', '']],
    ['scope unknown',       ['--file', $path, '--scopes', 'token,root']],
    ['scope empty',         ['--file', $path, '--scopes', 'token,']],
    ['scope in capitals',   ['--file', $path, '--scopes', 'TOKEN']],
    ['life zero',           ['--file', $path, '--expires-in', '0']],
    ['life negative',       ['--file', $path, '--expires-in', '-5']],
    ['life a word',         ['--file', $path, '--expires-in', 'soon']],
    ['life of months',      ['--file', $path, '--expires-in', '3M']],
    ['life with a fraction', ['--file', $path, '--expires-in', '1.5h']],
    ['life empty',          ['--file', $path, '--expires-in', '']],
    ['life of 1000 years',  ['--file', $path, '--expires-in', '365000d']],
    ['life beyond 64 bits',
        ['--file', $path, '--expires-in', '99999999999999999999w']],
    ['an option unknown',   ['--file', $path, '--room', 'a']],
    ['json with a value',   ['--file', $path, '--json=yes']],
    ['a word too many',     ['--file', $path, 'web']],
);

for my $row (@table) {
    my ($name, $arguments) = @$row;
    my $result = otter(qw(key create), @$arguments);

    is($result->{exit}, 2, "$name: misused");
    is($result->{stdout}, '', 'nothing on the standard output');
    like($result->{stderr}, qr/\Aotter key create: .+\nTry .*--help/,
        'the mistake is told');
}

is_deeply([left_in(folder())], [], 'nothing was written');

is(otter(qw(key create --json --id), 'A.b-9', "--file=$path")->{exit}, 0,
    'while this is taken');

done_testing();

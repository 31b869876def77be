use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# What would not be taken is not signed.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

my @good = ('--secret-file', $path, '--room', 'den', '--identity', 'alice');

my @table = (
    ['no key file',     ['--room', 'den', '--identity', 'alice']],
    ['no room',         ['--secret-file', $path, '--identity', 'alice']],
    ['no identity',     ['--secret-file', $path, '--room', 'den']],
    ['room empty',      [@good[0, 1, 4, 5], '--room', '']],
    ['room with slash', [@good[0, 1, 4, 5], '--room', 'a/b']],
    ['room a dot',      [@good[0, 1, 4, 5], '--room', '.']],
    ['room two dots',   [@good[0, 1, 4, 5], '--room', '..']],
    ['room a star',     [@good[0, 1, 4, 5], '--room', '*']],
    ['room of 129',     [@good[0, 1, 4, 5], '--room', 'a' x 129]],
    ['identity empty',  [@good[0 .. 3], '--identity', '']],
    ['identity of 129', [@good[0 .. 3], '--identity', 'a' x 129]],
    ['identity with a line feed', [@good[0 .. 3], '--identity', "a\nb"]],
    ['identity not UTF-8', [@good[0 .. 3], '--identity', "\xff"]],
    ['name of 257',     [@good, '--name', 'a' x 257]],
    ['name with a bell', [@good, '--name', "a\a"]],
    ['role unknown',    [@good, '--role', 'king']],
    ['role empty',      [@good, '--role', '']],
    ['ttl zero',        [@good, '--ttl', '0']],
    ['ttl a word',      [@good, '--ttl', 'long']],
    ['ttl negative',    [@good, '--ttl', '-1']],
    ['metadata no JSON', [@good, '--metadata', '{a:1}']],
    ['metadata empty',  [@good, '--metadata', '']],
    ['metadata an array', [@good, '--metadata', '[]']],
    ['metadata twice',  [@good, '--metadata', '{"a":1,"a":2}']],
    ['metadata too long',
        [@good, '--metadata', '{"a":"' . 'x' x 4096 . '"}']],
    ['metadata too deep',
        [@good, '--metadata', '{"a":' . '[' x 40 . ']' x 40 . '}']],
    ['a word too many', [@good, 'more']],
);

for my $row (@table) {
    my ($name, $arguments) = @$row;
    my $result = otter('token', @$arguments);

    is($result->{exit}, 2, "$name: misused");
    is($result->{stdout}, '', 'no token');
    like($result->{stderr}, qr/\Aotter token: .+\nTry .*--help/,
        'the mistake is told');
}

is(otter('token', @good)->{exit}, 0, 'while this is taken');

done_testing();

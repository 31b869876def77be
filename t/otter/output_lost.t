use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(run);
use Otter::Paths qw($command);

# A result that cannot be written is no success.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

for my $arguments (['--help'], ['secret', 'list', '--file', $path],
    ['secret', 'list', '--json', '--file', $path],
    ['token', '--secret-file', $path, '--room', 'a', '--identity', 'b'],
    ['check', '--jwt-keys', $path])
{
    my $result = run('sh', '-c', 'exec "$@" > /dev/full', 'sh', $command,
        @$arguments);

    is($result->{exit}, 1, "otter @$arguments");
    like($result->{stderr}, qr/cannot write the result/, 'the reason');
}

done_testing();

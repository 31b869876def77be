use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(run);
use Otter::Paths qw($command);

# When there is no room the old file stays, and no half of a new one.

my $path = file_in('keys.json');

otter_json(qw(key create --file), $path) for 1 .. 4;

my $before = slurp($path);

# the shell lets no file grow over a block, and has that be an error

my $result = run('sh', '-c', 'ulimit -f 1; trap "" XFSZ; exec "$@"',
    'sh', $command, qw(key create --id new --file), $path);

is($result->{exit}, 1, 'it is refused');
is($result->{stdout}, '', 'no key is shown');
like($result->{stderr}, qr/cannot write \Q$path\E: File too large/,
    'the reason is told');
is(slurp($path), $before, 'the file is as before');
is_deeply([left_in(folder())], ['keys.json'], 'nothing else was left');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use POSIX qw(mkfifo);

# Pipes and folders are no files of keys, and hold nothing up.

mkfifo(file_in('pipe'), 0600) or die "mkfifo: $!";
mkdir file_in('folder');

for my $name (qw(pipe folder)) {
    for my $command (['key', 'list'], ['key', 'create'], ['secret', 'new']) {
        my $result = otter(@$command, '--file', file_in($name));

        is($result->{exit}, 1, "a $name: otter @$command is refused");
        like($result->{stderr}, qr/\Q@{[file_in($name)]}\E is not a regular/,
            'with the reason');
    }
}

my $result = otter(qw(key create --file), file_in('none/keys.json'));

is($result->{exit}, 1, 'a folder that is not there');
like($result->{stderr}, qr{none: No such file}, 'is not made');

done_testing();

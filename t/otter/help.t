use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Every command explains itself, and does nothing else.

my @commands = (
    ['key', 'create'], ['key', 'list'], ['key', 'revoke'],
    ['secret', 'new'], ['secret', 'list'], ['token'], ['check'],
    ['status'], ['rooms'], ['peers'], ['kick'], ['top'], ['up'], ['down'],
);

my $all = otter('--help');

is($all->{exit}, 0, 'otter --help succeeds');
is($all->{stderr}, '', 'and says nothing on the standard error output');

for my $command (@commands) {
    like($all->{stdout}, qr/^  \Q@$command\E  +\S/m, "it names otter @$command");

    for my $option (qw(--help -h)) {
        my $help = otter(@$command, '--file', file_in('x.json'), $option);

        is($help->{exit}, 0, "otter @$command $option succeeds");
        like($help->{stdout}, qr/\Ausage: otter \Q@$command\E .*--json/s,
            'its usage');
        is($help->{stderr}, '', 'nothing on the standard error output');
    }
}

for my $group (qw(key secret)) {
    my $help = otter($group, '--help');

    is($help->{exit}, 0, "otter $group --help succeeds");
    like($help->{stdout}, qr/^  $group /m, 'it names its commands');
    unlike($help->{stdout}, qr/^  token /m, 'and no others');
}

is_deeply([left_in(folder())], [], 'no file was made');

done_testing();

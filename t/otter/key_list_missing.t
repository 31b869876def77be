use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A file that is not there has no list, and is not made.

my $path   = file_in('keys.json');
my $result = otter(qw(key list --file), $path);

is($result->{exit}, 1, 'refused');
is($result->{stdout}, '', 'no output');
like($result->{stderr}, qr/\Q$path\E: No such file/, 'the reason');
ok(!-e $path, 'no file');

done_testing();

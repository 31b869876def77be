use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A command line that means nothing is told so, on the standard error output.

for my $arguments ([], ['key'], ['secret'], ['keys'], ['key', 'make'],
    ['--version', 'x'], ['-x'], [''], ['key', 'create', 'list'],
    ['token', '--roam', 'den'], ['check', '--turn'])
{
    my $result = otter(@$arguments);

    is($result->{exit}, 2, "otter @$arguments: misused");
    is($result->{stdout}, '', 'nothing on the standard output');
    like($result->{stderr}, qr/--help/, 'where to read more');
}

done_testing();

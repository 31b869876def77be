use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Command qw(run);
use Otter::Paths qw($root);

# The page that joins is small, the packages in it have licences that are
# allowed, and the table of what is shipped names them.

my @bundle = ('node', "$root/html/tools/bundle.mjs", '--check');
my $result = run(@bundle);

is($result->{exit}, 0, 'nothing to complain of') or diag($result->{stderr});

my ($size) = $result->{stdout} =~ /^to join: (\d+) bytes/m;

ok($size, 'the size is told');
is(run(@bundle, '--budget', $size)->{exit}, 0, 'as large as it may be');

my $large = run(@bundle, '--budget', $size - 1);

is($large->{exit}, 1, 'a byte too large');
like($large->{stderr}, qr/to join takes $size bytes/, 'it says so');

my $strict = run(@bundle, '--allow', 'MIT,ISC');

is($strict->{exit}, 1, 'a licence that is not allowed');
like($strict->{stderr}, qr/licence of \S*figtree is not allowed: OFL-1\.1/,
    'it says whose');

done_testing;

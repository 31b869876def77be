use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# An id is given once, also when its key is revoked.

my $path = file_in('keys.json');

otter_json(qw(key create --id web --file), $path);

my $before = slurp($path);
my $result = otter(qw(key create --id web --file), $path);

is($result->{exit}, 1, 'the second is refused');
is($result->{stdout}, '', 'no key is shown');
like($result->{stderr}, qr/"web" already/, 'with the reason');
is(slurp($path), $before, 'the file is as before');

otter_json(qw(key revoke web --file), $path);

is(otter(qw(key create --id web --file), $path)->{exit}, 1,
    'neither after it was revoked');

done_testing();

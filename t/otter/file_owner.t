use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A file keeps its owner, also when root changes it.

my $path = file_in('keys.json');

otter_json(qw(key create --file), $path);

# only root can give a file away

my ($uid, $gid) = $> == 0 ? (65534, 65534) : ($>, $) + 0);

chown $uid, $gid, $path or die "chown: $!";

otter_json(qw(key create --file), $path);

is((stat $path)[4], $uid, 'its user');
is((stat $path)[5], $gid, 'its group');
is(mode_of($path), '0600', 'its mode');

done_testing();

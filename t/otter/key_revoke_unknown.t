use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Only a key that is there can be revoked.

my $path = file_in('keys.json');

otter_json(qw(key create --id web --file), $path);

my $before = slurp($path);

for my $id ('we', 'webb', 'WEB', '') {
    my $result = otter(qw(key revoke --file), $path, $id);

    is($result->{exit}, 1, "\"$id\" is refused");
    like($result->{stderr}, qr/no key "\Q$id\E"/, 'with the reason');
}

is(slurp($path), $before, 'the file is as before');
is(otter(qw(key revoke web --file), file_in('other.json'))->{exit}, 1,
    'neither one of a file that is not there');
is_deeply([left_in(folder())], ['keys.json'], 'which is not made');
is(otter(qw(key revoke --file), $path)->{exit}, 2, 'an id has to be given');

done_testing();

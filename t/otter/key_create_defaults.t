use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json);

# Without options a key has a random id, is good for all rooms and everything,
# and does not expire.

my $path = file_in('keys.json');
my @ids  = map { otter_json(qw(key create --file), $path)->{id} } 1 .. 2;

like($_, qr/\A[0-9A-Za-z]{8}\z/, 'an id') for @ids;
isnt($ids[0], $ids[1], 'another each time');

my ($entry) = @{ from_json(slurp($path))->{keys} };

is($entry->{id}, $ids[0], 'the id in the file');
is($entry->{rooms} // '*', '*', 'all rooms');
ok(!exists $entry->{$_}, "no $_") for qw(scopes expires_at revoked_at);
like($entry->{created_at}, qr/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/,
    'the time of its making');

done_testing();

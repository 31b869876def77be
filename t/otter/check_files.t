use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Files as the command makes them are right: a line each, exit status 0.

my %path = map { $_ => file_in($_) } qw(keys.json jwt.json turn.secret);

otter_json(qw(key create --file), $path{'keys.json'}) for 1 .. 2;
otter_json(qw(key create --id x --file), $path{'keys.json'});
otter_json(qw(key revoke x --file), $path{'keys.json'});
otter_json(qw(secret new --kid mine --file), $path{'jwt.json'});
put('turn.secret', 'a' x 32 . "\n" . 'b' x 32 . "\n");

my $result = otter('check', '--api-keys', $path{'keys.json'}, '--jwt-keys',
    $path{'jwt.json'}, '--turn-secret', $path{'turn.secret'});

is($result->{exit}, 0, 'nothing is wrong');
is($result->{stdout}, <<~"TEXT", 'a line each');
    ok       $path{'keys.json'}: 3 API keys, 2 active
    ok       $path{'jwt.json'}: tokens are signed with the key "mine"
    ok       $path{'turn.secret'}: 2 TURN secrets
    TEXT
is($result->{stderr}, "Nothing is wrong.\n", 'and a sum');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A sound configuration: its files are checked, and nginx takes it.

otter_json(qw(key create --file), file_in('keys.json'));
otter_json(qw(secret new --kid mine --file), file_in('jwt.json'));
put('turn.secret', 'a' x 32);

my $conf = nginx_conf(<<'CONF');
    otter_signaling on;
    otter_api_keys_file keys.json;
    otter_jwt_key_file jwt.json;
    otter_turn_secret_file turn.secret;
    otter_turn_uri turn:$host:3478?transport=udp;
CONF

my $result = otter(qw(check --json --nginx-conf), $conf);
my $report = json_of($result);

is($result->{exit}, 0, 'nothing is wrong') or diag($result->{stdout});
is($report->{warnings}, 0, 'and nothing doubtful');

my %ok = map { $_->{message} => $_->{subject} } finding($report, 'ok', qr/./);

is($ok{'5 directives of Otter'}, $conf, 'it is read');
is($ok{'nginx takes the configuration'}, $conf, 'nginx takes it');
is($ok{'1 API key, 1 active'}, file_in('keys.json'), 'its API keys');
is($ok{'tokens are signed with the key "mine"'}, file_in('jwt.json'),
    'its signing keys');
is($ok{'1 TURN secret'}, file_in('turn.secret'), 'its TURN secret');
like($ok{'it is free for nginx, which does not run'}, qr/^127\.0\.0\.1:\d+$/,
    'its port');
is(scalar keys %ok, 6, 'that is all');

done_testing();

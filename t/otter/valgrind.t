use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(run);
use Otter::Coturn;
use Otter::JSON qw(to_json);
use Otter::Key;
use Otter::Paths qw($command);

# No command makes an error in memory or loses any, when it succeeds and when
# it does not.

my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn-itself']);
my $server = '127.0.0.1:' . $coturn->port;

my %path = map { $_ => file_in($_) }
    qw(keys.json jwt.json turn.secret broken.json);

put('turn.secret', 'secret-of-coturn-itself');
put('broken.json', substr to_json({ keys => [Otter::Key->hs256('a')->jwk] }),
    0, -2);

my $conf = nginx_conf("otter_signaling on; otter_jwt_key_file jwt.json;\n"
    . "otter_api_keys_file broken.json; otter_turn_uri stun:$server x;");

my @commands = (
    [0, qw(key create --id web --rooms team-* --expires-in 1d --file),
        $path{'keys.json'}, '--scopes', 'token,turn'],
    [0, qw(key create --json --file), $path{'keys.json'}],
    [1, qw(key create --id web --file), $path{'keys.json'}],
    [2, qw(key create --scopes x --file), $path{'keys.json'}],
    [1, qw(key create --file), $path{'broken.json'}],
    [0, qw(key list --file), $path{'keys.json'}],
    [0, qw(key list --json --file), $path{'keys.json'}],
    [0, qw(key revoke web --file), $path{'keys.json'}],
    [1, qw(key revoke x --file), $path{'keys.json'}],
    [0, qw(secret new --file), $path{'jwt.json'}],
    [0, qw(secret new --json --alg EdDSA --file), $path{'jwt.json'}],
    [0, qw(secret new --alg ES256 --kid es --file), $path{'jwt.json'}],
    [1, qw(secret new --kid es --file), $path{'jwt.json'}],
    [1, qw(secret list --file), $path{'broken.json'}],
    [0, qw(secret list --file), $path{'jwt.json'}],
    [0, qw(token --room a --identity b --metadata {"a":[1]} --secret-file),
        $path{'jwt.json'}],
    [2, qw(token --room a --identity b --metadata [] --secret-file),
        $path{'jwt.json'}],
    [1, qw(token --room a --identity b --secret-file), $path{'broken.json'}],
    [0, qw(check --api-keys), $path{'keys.json'}, '--turn', $server,
        '--jwt-keys', $path{'jwt.json'}, '--turn-secret',
        $path{'turn.secret'}],
    [1, qw(check --json --api-keys), $path{'broken.json'}, '--jwt-keys',
        $path{'broken.json'}, '--turn-secret', $path{'keys.json'}, '--turn',
        $server],
    [1, qw(check --nginx-conf), $conf],
);

for my $row (@commands) {
    my ($exit, @arguments) = @$row;
    my $log    = file_in('valgrind.log');
    my $result = run(qw(valgrind --quiet --leak-check=full
        --error-exitcode=99), '--show-leak-kinds=definite,indirect,possible',
        '--errors-for-leak-kinds=definite,indirect,possible',
        "--log-file=$log", $command, @arguments);

    is($result->{exit}, $exit, "otter @arguments[0, 1]")
        or diag($result->{stderr} . slurp($log));
    is(slurp($log), '', 'valgrind has nothing to say');
}

done_testing();

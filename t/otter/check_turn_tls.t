use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Coturn;
use Otter::Redis;
use Otter::Test;

# A server behind a turns: URI is asked for a relay through TLS, and its
# certificate is looked at, by "otter check" and by "otter status".

# A CA and a certificate of TURN's, as Redis has one.
my $redis  = Otter::Redis->start(tls => 1);
my $tls    = $redis->path('') =~ s/\/$//r;
my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn-itself'],
    tls => $tls);
my $host   = '127.0.0.1:' . $coturn->tls_port;
my $turns  = "turns:$host?transport=tcp";
my $stuns  = "stuns:$host";
my @ca     = ('--ca-file', "$tls/ca.crt");

my $nginx = Otter::Nginx->start(
    api_keys     => [{ id => 'main', scopes => 'turn' }],
    turn_secrets => ['secret-of-coturn-itself'],
    secrets      => { 'wrong.secret' => "another-secret-of-nobody\n" },
    server       => "otter_turn_uri $stuns $turns;",
    servers      => "server { listen 127.0.0.1:%port:wrong%;
        otter_signaling on; otter_api_keys_file %prefix%/keys.json;
        otter_turn_secret_file %prefix%/wrong.secret;
        otter_turn_uri $turns; }",
);
my @key = ('--api-key-file', put('key', $nginx->api_key . "\n"));


# Of an nginx.conf, with a secret.

sub check_conf ($secret, @arguments) {
    put('turn.secret', $secret);

    my $conf = nginx_conf("otter_signaling on; otter_guests on;
        otter_turn_secret_file turn.secret; otter_turn_uri $stuns $turns;");

    return json_of(otter(qw(check --json --nginx-conf), $conf, @arguments));
}


sub said ($report, $subject) {
    return join '; ', map { "$_->{level}: $_->{message}" }
        grep { $_->{subject} eq $subject } @{ $report->{findings} };
}


my $report = check_conf('secret-of-coturn-itself', @ca);

like(said($report, $turns),
    qr/ok: it relays over TLS with the secret of \S+, by 127\.0\.0\.1:\d+/,
    'it relays');
like(said($report, $stuns), qr/\Aok: it answers over TLS, and sees 127/,
    'STUN answers');
is($report->{problems}, 0, 'nothing is wrong') or diag explain_of($report);

$report = check_conf('another-secret-of-nobody', @ca);

like(said($report, $turns), qr/problem: it does not know the secret of/,
    'a secret that coturn does not know');

$report = check_conf('secret-of-coturn-itself');

for my $uri ($turns, $stuns) {
    like(said($report, $uri),
        qr/\Aproblem: its certificate is not trusted: .*\(over TLS/,
        'a CA that nobody knows');
}

like(finding($report, 'problem', qr/not trusted/)->{remedy}, qr/--ca-file/,
    'a remedy');


# As a browser has it.

sub port ($name) {
    return 'http://127.0.0.1:'
        . ($name eq 'wrong' ? $nginx->port('wrong') : $nginx->port);
}

$report = json_of(otter(qw(check --json --url), port('right'), @key, @ca));

is(said($report, $turns), 'ok: it relays for browsers', 'what browsers get');
is(said($report, $stuns), 'ok: it answers browsers', 'STUN as well');

$report = json_of(otter(qw(check --json --url), port('wrong'), @key, @ca));

like(said($report, $turns), qr/\Aproblem: it refuses what browsers .*: 401 /,
    'what they get is not taken');

$report = json_of(otter(qw(check --json --url), port('right'), @key));

like(said($report, $turns), qr/\Aproblem: browsers are .*not trusted/,
    'they would not trust it');

my $status = otter('status', '--url', port('right'), @key, @ca);

is($status->{exit}, 0, 'the status: all is well');
like($status->{stdout},
    qr/^turn +ok +\Q$turns\E relays by 127\.0\.0\.1:\d+$/m, 'it relays');
like($status->{stdout}, qr/^stun +ok +\Q$stuns\E sees 127/m, 'it answers');

$status = otter('status', '--url', port('wrong'), @key, @ca);

is($status->{exit}, 1, 'not so with another secret');
like($status->{stdout}, qr/^turn +down +\Q$turns\E refuses: 401 /m,
    'it says why');

$status = otter('status', '--url', port('right'), @key);

like($status->{stdout}, qr/^turn +down +\Q$turns\E: its certificate is not/m,
    'nor with a CA that is not known');


sub explain_of ($report) {
    return join "\n", map { "$_->{level}: $_->{subject}: $_->{message}" }
        @{ $report->{findings} };
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Coturn;
use IO::Socket::IP;
use Otter::Test;
use POSIX ();

# "otter check --url" looks at a server as a browser has it: health, clock,
# certificate, and the TURN servers that it gives away.

my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn']);
my $turn   = '127.0.0.1:' . $coturn->port;
my $closed = free_port();
my $nginx  = Otter::Nginx->start(tls => 1,
    api_keys     => [{ id => 'main', scopes => 'turn' },
        { id => 'other', scopes => 'rooms' }],
    turn_secrets => ['secret-of-coturn'],
    secrets      => { 'wrong.secret' => "another-secret-of-nobody\n" },
    server       => "otter_turn_uri stun:$turn turn:$turn?transport=udp
        turn:127.0.0.1:$closed?transport=tcp;",
    servers      => "server { listen 127.0.0.1:%port:wrong%;
        otter_signaling on; otter_api_keys_file %prefix%/keys.json;
        otter_turn_secret_file %prefix%/wrong.secret;
        otter_turn_uri turn:$turn?transport=udp; }",
);

my @ca  = ('--ca-file', $nginx->path('tls.crt'));
my $url = 'https://localhost:' . $nginx->port('tls') . '/otter/';
my %key = map { $_ => put("$_.key", $nginx->api_key($_) . "\n") }
    qw(main other);


sub check (@arguments) {
    return json_of(otter('check', @arguments, '--json'));
}


my $report = check('--url', $url, @ca, '--api-key-file', $key{main});

ok(finding($report, 'ok', qr/^it is healthy$/), 'health');
ok(finding($report, 'ok', qr/^its clock is right$/), 'clock');

my $soon = finding($report, 'warning', qr/^the certificate ends in [0-2] days/);

ok($soon, 'the certificate ends soon');
is($soon->{subject}, $url, 'that of the server');
like($soon->{remedy}, qr/Renew it/, 'a remedy');
is(finding($report, 'ok', qr/^it answers browsers$/)->{subject},
    "stun:$turn", 'STUN answers');
is(finding($report, 'ok', qr/^it relays for browsers$/)->{subject},
    "turn:$turn?transport=udp", 'TURN relays');

my $gone = finding($report, 'problem', qr/^browsers are given it, but/);

is($gone->{subject}, "turn:127.0.0.1:$closed?transport=tcp",
    'what is not there is found');
is($report->{problems}, 1, 'no other problem');

$report = check('--url', 'http://127.0.0.1:' . $nginx->port('wrong'),
    '--api-key-file', $key{main});

like(finding($report, 'problem', qr/refuses what browsers are given/)
    ->{message}, qr/: 401 /, 'a secret that coturn does not know');

$report = check('--url', 'http://127.0.0.1:' . $nginx->port('wrong'),
    '--api-key-file', $key{other});

ok(finding($report, 'problem', qr/^its TURN servers are not known: .*key-scope/),
    'a key without the right');

$report = check('--url', 'http://127.0.0.1:' . $nginx->port('wrong'),
    '--api-key-file', put('no.key', $nginx->api_key =~ s/.{4}\z/AAAA/r . "\n"));

like(finding($report, 'problem', qr/^its TURN servers are not known: .*\b401\b/)
    ->{remedy}, qr/otter key list/, 'a key that is refused');

$report = check('--url', $url);

ok(finding($report, 'problem', qr/certificate/),
    'a certificate that nobody knows');
is($report->{problems}, 1, 'then nothing else is known');

$report = check('--url', "http://127.0.0.1:$closed");

like(finding($report, 'problem', qr/127\.0\.0\.1:$closed/)->{remedy},
    qr/Start nginx/, 'nothing there');

# A server whose clock stands still, and that is not well.
my $listen = IO::Socket::IP->new(Listen => 5, LocalHost => '127.0.0.1')
    or die "listen: $!";
my $pid    = fork // die "fork: $!";

if (!$pid) {
    my $client = $listen->accept;
    my $body   = '{"status":"degraded"}';

    while (my $line = <$client>) {
        last if $line eq "\r\n";
    }

    print {$client} join "\r\n", 'HTTP/1.1 200 OK',
        'Date: Thu, 01 Jan 2026 00:00:00 GMT', 'Connection: close',
        'Content-Length: ' . length $body, '', $body;
    close $client;
    POSIX::_exit(0);
}

$report = check('--url', 'http://127.0.0.1:' . $listen->sockport);
waitpid $pid, 0;

ok(finding($report, 'problem', qr/its health is degraded/), 'not healthy');
like(finding($report, 'problem', qr/\d+ seconds apart/)->{remedy}, qr/NTP/,
    'its clock is wrong');

is(otter('check', '--url', 'nonsense')->{exit}, 2, 'no URL');


done_testing;

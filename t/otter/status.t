use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Coturn;
use Otter::Hosts;
use Otter::Status;
use Otter::Test;
use POSIX ();

# Every part of a server in a table; exit 1 when one is down.

my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn']);
my $turn   = '127.0.0.1:' . $coturn->port;
my $closed = free_port();
my $hosts  = Otter::Hosts->start(hosts => 1, cables => 1,
    api_keys     => [{ id => 'main', scopes => 'turn' },
        { id => 'rooms', scopes => 'rooms' }],
    turn_secrets => ['secret-of-coturn'],
    server       => "otter_turn_uri stun:$turn turn:$turn?transport=udp
        turn:$turn?transport=tcp;\n$Otter::Status::status_conf",
    servers      => "server { listen 127.0.0.1:%port:broken%;
        otter_signaling on; otter_api_keys_file %prefix%/keys.json;
        otter_turn_secret_file %prefix%/turn.secret;
        otter_turn_uri turn:127.0.0.1:$closed?transport=tcp; }");
my $nginx  = $hosts->nginx(0);
my $origin = 'http://127.0.0.1:' . $nginx->port;
my @with   = ('--api-key-file', put('key', $nginx->api_key . "\n"),
    '--status-url', "$origin/status");

my @peers = peers($nginx, qw(alice bob));

# What has the name of a companion stands for one.
my $pid = fork // die "fork: $!";

if (!$pid) {
    $0 = 'otter-reaper';
    sleep 600;
    POSIX::_exit(0);
}


# { part => [states] }

sub states ($report) {
    my %states;

    push @{ $states{ $_->{part} } }, $_->{state} for @{ $report->{parts} };

    return \%states;
}


my $report = otter_json('status', '--url', $origin, @with);
my $states = states($report);

for my $companion (qw(otter-webhooks otter-turn otter-reaper)) {
    my $state = delete $states->{$companion};

    # Another test may have one running.
    like("@$state", qr/\A(?:ok|off)\z/, "$companion runs or not");
}

is_deeply($states, {
    otter => ['ok'],
    bus   => ['ok'],
    calls => ['ok'],
    zone  => ['ok'],
    redis => ['ok'],
    stun  => ['ok'],
    turn  => ['ok', 'ok'],
}, 'all is well');
ok($report->{ok}, 'and said to be');

my $table = otter('status', '--url', $origin, @with);

is($table->{exit}, 0, 'exit 0');
like($table->{stdout}, qr/^PART +STATE +DETAIL\notter +ok +http/, 'a table');
like($table->{stdout}, qr/^calls +ok +1 rooms, 2 peers, 0 of them away$/m,
    'the calls');
like($table->{stdout}, qr/^turn +ok +turn:\S+udp relays by 127\.0\.0\.1:\d+$/m,
    'a relay was had');
unlike($table->{stdout}, qr/otk_/, 'no key is shown');
like($table->{stdout}, qr/^otter-reaper +ok +process\b.* $pid\b/m,
    'a companion that runs is found');

kill KILL => $pid;
waitpid $pid, 0;

# A key that is not taken, or not for this, is no success.
my %refused = (
    unknown => put('unknown', $nginx->api_key =~ s/.{4}\z/AAAA/r . "\n"),
    scope   => put('scope', $nginx->api_key('rooms') . "\n"),
);

for my $why (sort keys %refused) {
    $table = otter('status', '--url', $origin, '--api-key-file',
        $refused{$why});

    is($table->{exit}, 1, "a key that is refused ($why): exit 1");
    like($table->{stdout}, qr/^turn +refused +.*API key.*\b40[13]\b/m,
        'it says so');
    like($table->{stdout}, qr/^otter +ok /m, 'Otter itself is well');
}

$hosts->cable(0)->cut;
ok($hosts->heals(15, 'degraded'), 'Redis is away');

$table  = otter('status', '--url', $origin, @with, '--json');
$states = states(json_of($table));

is($table->{exit}, 1, 'exit 1');
is($states->{otter}[0], 'degraded', 'Otter is degraded');
is($states->{bus}[0], 'down', 'the bus is down');
is($states->{redis}[0], 'down', 'Redis is');

$table = otter('status', '--url', 'http://127.0.0.1:' . $nginx->port('broken'),
    @with);

like($table->{stdout}, qr/^turn +down +turn:\S+tcp: nothing listens there$/m,
    'a TURN server that is not there');

$table = otter('status', '--url', $origin);

like($table->{stdout}, qr/^turn +unknown +there is no API key/m,
    'without a key TURN is not known');
unlike($table->{stdout}, qr/^(?:calls|zone)/m, 'nor are the metrics');

$table = otter('status', '--url', $origin, '--status-url', "$origin/none");

is($table->{exit}, 1, 'no status where it should be: exit 1');
like($table->{stdout}, qr/^calls +down +.*\b404\b/m, 'it says so');

$table = otter('status', '--url', "http://127.0.0.1:$closed", '--json');

is($table->{exit}, 1, 'nothing there: exit 1');
is(states(json_of($table))->{otter}[0], 'down', 'Otter is down');


done_testing;

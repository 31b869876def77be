use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Browsers do not get a TURN server that is failing, by UDP, TCP or TLS, until
# it is back; they get all of them when all are failing, and when nobody tells.
# What otter-turn finds comes through Redis, or through a file.

use Otter::Command qw(output_of);
use Otter::Companion;
use Otter::Coturn;
use Otter::Keys qw(write_private);
use Otter::Redis;

# A CA and a certificate of TURN's, as Redis has one.
my $redis  = Otter::Redis->start(tls => 1);
my $tls    = $redis->path('') =~ s/\/$//r;
my $good   = Otter::Coturn->start(secrets => ['north'], tls => $tls);
my $flaky  = Otter::Coturn->start(secrets => ['north'], tls => $tls);

sub uris ($coturn) {
    return 'turn:127.0.0.1:' . $coturn->port . '?transport=udp',
        'turn:127.0.0.1:' . $coturn->port . '?transport=tcp',
        'turns:127.0.0.1:' . $coturn->tls_port . '?transport=tcp';
}

my @all    = (uris($good), uris($flaky));
my $health = $redis->path('health');

my %nginx = map {
    $_ => Otter::Nginx->start(
        http => $_ eq 'file' ? "otter_turn_health_file $health;"
            : 'otter_redis ' . $redis->url . ';',
        turn_secrets => ['north'],
        server       => "otter_turn_uri @all;
            location = /status { otter_status; }",
    );
} qw(file redis);

sub given ($kind) {
    my $nginx = $nginx{$kind};
    my ($server) = @{ $nginx->http->get('ice-servers',
        bearer => mint($nginx->key))->json->{ice_servers} };

    return join ' ', sort ref $server->{urls} ? @{ $server->{urls} }
        : $server->{urls};
}

sub gives ($kind, @uris) {
    my $expected = join ' ', sort @uris;

    return eventually(20, sub { given($kind) eq $expected });
}

my $peer;

# A server's ways come and go one by one, and each time it is told.
sub told (@uris) {
    my $expected = join ' ', sort @uris;

    while (my $message = $peer->comes('ice-servers')) {
        my @urls = sort @{ $message->{ice_servers}[0]{urls} };

        return 1 if "@urls" eq $expected;
    }

    return 0;
}

ok(gives($_, @all), "$_: all, when nobody tells") for qw(file redis);

my @conf = ('otter-turn', join "\n", 'redis = ' . $redis->url,
    'realm = otter', "health_file = $health", "ca = $tls/ca.crt",
    'secret_file = ' . $nginx{redis}->path('turn.secret'),
    'probe_interval = 200ms', map { "uri = $_" } @all);
my $turn = Otter::Companion->start(@conf, '--verbose');

ok(eventually(20, sub {
    5 <= (() = ($redis->command('GET', 'otter:turn:health') // '')
        =~ /^ok \d+ [1-9]/mg);
}), 'all are well') or diag $turn->log;

$peer = Otter::Peer->enter($nginx{file}, 'alice');

$flaky->stop;

ok(gives($_, uris($good)), "$_: one that is failing is left out")
    for qw(file redis);

# Who is in a call is told.
ok(told(uris($good)), 'a peer that is connected gets those that are left');

my $text = $nginx{redis}->http->get('/status')->body;
my ($dead) = uris($flaky);

like($text, qr/^otter_turn_server_up\{uri="\Q$dead\E"\} 0$/m,
    'the status tells');
like($text, qr/^otter_turn_server_up\{uri="\Q$all[0]\E"\} 1$/m, 'of both');

$flaky->start_again;

ok(gives($_, @all), "$_: it is back") for qw(file redis);
ok(told(@all), 'the peer too');

# The certificate is judged as browsers do: this one is of another CA.
output_of(qw(openssl req -x509 -nodes -newkey ec -pkeyopt
    ec_paramgen_curve:prime256v1 -days 2 -subj /CN=127.0.0.1 -addext
    subjectAltName=IP:127.0.0.1 -keyout), "$tls/tls.key", '-out',
    "$tls/tls.crt");
$flaky->stop;
$flaky->start_again;

ok(gives('redis', grep { $_ ne (uris($flaky))[2] } @all),
    'one whose certificate is not trusted is failing by TLS alone')
    or diag $turn->log;

$flaky->stop;
$good->stop;

ok(gives('redis', @all), 'all are failing: all are given')
    or diag $redis->command('GET', 'otter:turn:health');

$flaky->start_again;

ok(gives('redis', (uris($flaky))[0, 1]), 'one is back')
    or diag $redis->command('GET', 'otter:turn:health');

# What nobody renews ends: a dead otter-turn leaves no server out.
$turn->kill;
write_private($health, sprintf("otter-turn 1 %d\nfailing 1 0 %s\n",
    time + 2, $all[0]), 0644);

ok(gives('file', @all[1 .. 5]), 'what is told last counts');
ok(gives('file', @all), 'and ends by itself');

for my $text ('', "junk\n", "otter-turn 1 9999999999\nfailing 1 0 x\n",
    'otter-turn 1 9999999999' . "\nfailing 1 0 $all[0]")
{
    write_private($health, $text, 0644);
    $nginx{file}->reload;
    ok(gives('file', @all), 'what is no such text tells nothing');
}


done_testing;

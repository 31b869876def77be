use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Status;
use Otter::Test;

# "otter top --once", for scripts: totals, rates and latency of an interval.

delete @ENV{qw(OTTER_URL OTTER_API_KEY_FILE OTTER_STATUS_URL)};

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }],
    server => "otter_message_rate 10000;\n$Otter::Status::status_conf");
my $origin = 'http://127.0.0.1:' . $nginx->port;
my $key    = put('key', $nginx->api_key . "\n");
my @once   = ('top', '--once', '--interval', '1', '--status-url',
    "$origin/status");

my ($alice, $bob) = peers($nginx, qw(alice bob));

my $carol = Otter::Peer->enter($nginx, 'carol', room => 'other');


# The command, while messages pass.

sub busy (@arguments) {
    my $file = file_in('top.out');
    my $pid  = fork // die "fork: $!";

    if (!$pid) {
        open STDOUT, '>', $file or die "$file: $!";
        exec $Otter::Paths::command, @once, @arguments or die "exec: $!";
    }

    my $sent = 0;

    until (waitpid($pid, 1) == $pid) {
        $alice->message($sent++) for 1 .. 10;
        $bob->expect('message') for 1 .. 10;
    }

    return { exit => $? >> 8, stdout => slurp($file) };
}


my $result = busy('--json');

is($result->{exit}, 0, 'exit 0');

my $view = json_of($result);

is($view->{sessions}, 3, 'sessions');
is_deeply($view->{rooms}, { open => 0, occupied => 2, full => 0,
    closed => 0 }, 'rooms');
cmp_ok($view->{rates}{messages_received}, '>', 10, 'a rate');
cmp_ok($view->{rates}{messages_sent}, '>', 10, 'another');
is($view->{rates}{joins}, 0, 'nobody came meanwhile');
cmp_ok($view->{relay}{count}, '>', 0, 'messages were timed');
cmp_ok($view->{relay}{p50}, '<=', $view->{relay}{p99}, 'quantiles');
cmp_ok($view->{relay}{p99}, '<', patience(2), 'of a sensible size');
ok(!exists $view->{top}, 'rooms are not told without a key');

$result = busy('--url', $origin, '--api-key-file', $key);

is($result->{exit}, 0, 'exit 0');
like($result->{stdout}, qr/^peers +3, 0 away; 3 sockets$/m, 'peers');
like($result->{stdout}, qr/^messages +\d+\.\d\/s in/m, 'messages');
like($result->{stdout}, qr/^relay +\d+\.\d\d ms/m, 'latency');
like($result->{stdout}, qr/ROOM\n +2\/8 +occupied +den\n +1\/8 +occupied +other\n\z/,
    'rooms, the largest first');
unlike($result->{stdout}, qr/\e/, 'nothing for terminals');

for my $case (
    [2, qr/--status-url is missing/, qw(top --once)],
    [2, qr/--interval must be/, qw(top --once --interval 0 --status-url),
        "$origin/status"],
    [2, qr/this is no terminal/, 'top', '--status-url', "$origin/status"],
    [1, qr/404, and not of Otter/, 'top', '--once', '--status-url',
        "$origin/nothing"],
    [1, qr/no otter_status at/, 'top', '--once', '--status-url',
        "$origin/otter/health"],
) {
    my ($exit, $message, @arguments) = @$case;

    my $got = otter(@arguments);

    is($got->{exit}, $exit, "exit $exit");
    like($got->{stderr}, $message, 'the reason');
}


done_testing;

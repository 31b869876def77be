use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Command qw(run);
use Otter::Paths qw($command);
use Otter::Status;
use Otter::Test;

# The commands that ask a server read and free no memory that they should
# not, whether it answers or not.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }],
    turn_secrets => ['north'],
    server       => "otter_turn_uri stun:127.0.0.1:1 turn:127.0.0.1:1;
        $Otter::Status::status_conf");
my $origin = 'http://127.0.0.1:' . $nginx->port;
my @to     = ('--url', $origin, '--api-key-file',
    put('key', $nginx->api_key . "\n"));
my @status = ('--status-url', "$origin/status");

my ($alice, $bob) = peers($nginx, qw(alice bob));

for my $row (
    [0, 'rooms', @to],
    [0, qw(rooms --json), @to],
    [0, qw(peers den), @to],
    [1, qw(peers nowhere --json), @to],
    [0, 'kick', 'den', $bob->id, @to],
    [1, 'kick', 'den', $bob->id, @to],
    [1, 'status', @to, @status],
    [1, qw(status --json --url http://127.0.0.1:1)],
    [0, qw(top --once --interval 1), @to, @status],
    [0, qw(top --once --json --interval 1), @status],
    [1, qw(top --once --status-url), "$origin/nothing"],
    [1, 'check', @to],
    [2, 'rooms', '--url', 'nonsense', @to[2, 3]],
) {
    my ($exit, @arguments) = @$row;
    my $log    = file_in('valgrind.log');
    my $result = run(qw(valgrind --quiet --leak-check=full
        --error-exitcode=99), '--show-leak-kinds=definite,indirect',
        '--errors-for-leak-kinds=definite,indirect', "--log-file=$log",
        $command, @arguments);

    is($result->{exit}, $exit, "otter @arguments[0, 1]")
        or diag($result->{stderr} . slurp($log));
    is(slurp($log), '', 'valgrind has nothing to say');
}


done_testing;

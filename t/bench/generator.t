use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";

use Bench::Server;
use Bench::Tools qw(build_c);
use Otter::Command qw(run);
use Otter::JSON qw(from_json);
use Test::More;

# The load generator accounts for every message: a server that loses, repeats,
# delays, alters or misdirects one in a thousand is found out.

my $tools = build_c();


sub load_on ($fault, @arguments) {
    my $server = Bench::Server->start('floor', tools => $tools,
        arguments => [$fault || ()]);

    my $result = run("$tools/load", '--server', 'floor',
        '--ports', $server->ports, '--pids', $server->pids,
        qw(--timeout 1 --warm 50 --measure 300 --peers 40), @arguments);

    $server->stop;

    return ($result->{exit}, from_json($result->{stdout}));
}


for my $mode ('directed', 'room') {
    my ($exit, $report) = load_on('', '--mode', $mode, qw(--window 4));

    is($exit, 0, "$mode: a good server passes");
    cmp_ok($report->{delivered}, '>', 2000, "$mode: with many messages");
    is($report->{delivered}, $report->{expected}, "$mode: all of them");
    cmp_ok($report->{message_us}, '>', 0, "$mode: and its CPU time");
}

for my $fault (qw(lose twice late alter astray)) {
    my ($exit, $report) = load_on($fault, qw(--mode directed --window 4));

    is($exit, 1, "$fault: does not pass");
    ok($report->{bad} || $report->{delivered} != $report->{expected},
        "$fault: is in the report");
}

my ($exit, $report) = load_on('', qw(--mode directed --rate 2000));

is($exit, 0, 'at a rate: passes');
cmp_ok(abs($report->{message_units} - 600), '<', 60, 'at a rate: keeps it');
cmp_ok($report->{samples}, '>', 500, 'at a rate: has latencies');
cmp_ok($report->{p50_us}, '>', 1, 'at a rate: that are plausible');
cmp_ok($report->{p99_us}, '>=', $report->{p50_us}, 'at a rate: in order');

done_testing;

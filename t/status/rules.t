use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Command qw(run);
use Otter::Paths qw($root);
use Test::More;

# The alert rules and the configuration of Prometheus, by its own tool.

for my $command (
    ['check', 'rules', '--lint-fatal', "$root/conf.d/prometheus/otter.rules.yml"],
    ['check', 'config', "$root/conf.d/prometheus/prometheus.yml"],
    ['test', 'rules', "$root/t/status/rules.test.yml"],
) {
    my $result = run('promtool', @$command);

    is($result->{exit}, 0, "promtool @$command[0, 1]")
        || diag($result->{stdout} . $result->{stderr});
}

# Each alert is tried both ways.

sub text ($name) {
    open my $file, '<', "$root/$name" or die "$name: $!";
    local $/;

    return readline $file;
}

my %tried = map { $_ => 1 } text('t/status/rules.test.yml')
    =~ /alertname: (\w+), exp_alerts: \[\]/g;
my @alerts = text('conf.d/prometheus/otter.rules.yml') =~ /- alert: (\w+)/g;

ok($tried{$_}, "$_ is tried") for @alerts;
is(scalar @alerts, 9, 'as many as the test counts');


done_testing();

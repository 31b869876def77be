use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A configuration that is not there is a problem, not a crash.

for my $path (file_in('none.conf'), folder()) {
    my $result = otter(qw(check --json --nginx-conf), $path);
    my $report = json_of($result);

    is($result->{exit}, 1, $path);
    ok(finding($report, 'problem', qr/it is not/)->{remedy},
        'with a remedy');
}

done_testing();

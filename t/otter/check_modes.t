use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Secrets are for their owner: what others may do with a file is a problem.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

my @table = (
    [0600, undef],
    [0400, undef],
    [0640, undef],
    [0644, qr/everyone may read it/],
    [0604, qr/everyone may read it/],
    [0602, qr/everyone may write it/],
    [0666, qr/everyone may write it/],
    [0660, qr/its group may write it/],
);

for my $row (@table) {
    my ($mode, $message) = @$row;
    my $name = sprintf 'mode %04o', $mode;

    chmod $mode, $path;

    my $result = otter(qw(check --json --jwt-keys), $path);
    my $report = json_of($result);

    is($result->{exit}, $message ? 1 : 0, $name);
    is($report->{problems}, $message ? 1 : 0, 'so many problems');

    next if !$message;

    my $found = finding($report, 'problem', $message);

    like($found->{remedy}, qr/chmod 600 \Q$path/, 'with the remedy');
}

chmod 0600, $path;
chmod 0777, folder();

my $report = json_of(otter(qw(check --json --jwt-keys), $path));

ok(finding($report, 'problem', qr/everyone may replace/),
    'a folder that everyone may write is one');

chmod 01777, folder();

is(otter(qw(check --json --jwt-keys), $path)->{exit}, 0,
    'unless it is as /tmp is');

done_testing();

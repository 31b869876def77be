use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use File::Copy qw(copy);
use Otter::Command qw(run);
use Otter::Paths qw($command);

# A file of secrets belongs to root, or to the one who asks.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

my $report = otter_json(qw(check --jwt-keys), $path);

is($report->{problems}, 0, 'to the one who asks');

# only root can give a file away; others see theirs from a namespace, in which
# they are somebody else

chmod 0755, folder();

my $copy = put('otter', '', 0755);

copy($command, $copy) or die "copy: $!";

my @as_nobody = qw(setpriv --reuid=65534 --regid=65534 --clear-groups);

if ($> == 0) {
    chmod 0644, $path;

    $report = json_of(run(@as_nobody, $copy, qw(check --json --jwt-keys),
        $path));
    ok(!finding($report, 'problem', qr/belongs/), 'to root');

    chmod 0600, $path;
    chown 65534, -1, $path;

    $report = json_of(run(@as_nobody, $copy, qw(check --json --jwt-keys),
        $path));
    is($report->{problems}, 0, 'to another one, who asks');

    $report = json_of(otter(qw(check --json --jwt-keys), $path));

} else {
    $report = json_of(run(qw(unshare --user), $copy,
        qw(check --json --jwt-keys), put('jwt.json', slurp($path), 0644)));
}

my $found = finding($report, 'problem', qr/belongs to user \d+/);

ok($found, 'to nobody else');
like($found->{remedy}, qr/chown root: \Q$path/, 'with the remedy');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(run);
use Otter::Paths qw($command);

# A file of secrets belongs to root, or to the one who asks.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

my $report = otter_json(qw(check --jwt-keys), $path);

is($report->{problems}, 0, 'to the one who asks');

# in a user namespace the same file belongs to someone else

chmod 0644, $path;
chmod 0755, folder();

my @other = $> == 0 ? qw(setpriv --reuid=65534 --regid=65534 --clear-groups)
                    : qw(unshare --user);

if ($> == 0) {
    $report = json_of(run(@other, $command, qw(check --json --jwt-keys),
        $path));
    ok(!finding($report, 'problem', qr/belongs/), 'to root');

    chown 65534, -1, $path;
    $report = json_of(otter(qw(check --json --jwt-keys), $path));
} else {
    $report = json_of(run(@other, $command, qw(check --json --jwt-keys),
        $path));
}

my $found = finding($report, 'problem', qr/belongs to user \d+/);

ok($found, 'to nobody else');
like($found->{remedy}, qr/chown root: \Q$path/, 'with the remedy');

done_testing();

# systemd takes the units of the companions, finds nothing doubtful in them,
# and little that they could do to the machine.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Test::More;

use Otter::Command qw(run);
use Otter::Paths qw($command $root);

my $folder = tempdir(CLEANUP => 1);
my $bin    = $command =~ s{/otter$}{}r;
my @units  = glob "$root/conf.d/systemd/*.service";

is(scalar @units, 3, 'a unit for each companion');

for my $unit (@units) {
    my ($name) = $unit =~ m{([^/]+)\.service$};

    open my $in, '<', $unit or die "$unit: $!";
    my $text = do { local $/; readline $in };

    like($text, qr{^ExecStart=/usr/bin/$name\b}m, "$name is started");
    like($text, qr/^Type=notify$/m, 'and waited for');

    # where it was built, in place of where it is installed
    $text =~ s{=/usr/bin/}{=$bin/}g;

    open my $out, '>', "$folder/$name.service" or die "$name: $!";
    print {$out} $text;
    close $out or die "$name: $!";

    my $result = run(qw(systemd-analyze verify --man=no),
        "$folder/$name.service");

    is($result->{exit}, 0, 'systemd takes it');
    is($result->{stdout} . $result->{stderr}, '', 'without a word');

    $result = run(qw(systemd-analyze security --offline=true --threshold=30),
        "$folder/$name.service");

    is($result->{exit}, 0, 'its exposure is 3.0 of 10 at the most')
        or diag $result->{stdout};
}

done_testing();

# run.sh explains itself, and takes no option it doesn't know.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Command qw(run);
use Otter::Paths qw($root);

my $help = run("$root/run.sh", '--help');

is($help->{exit}, 0, '--help succeeds');

for my $option (qw(--port --turn-port --lan --redis --state --help)) {
    like($help->{stdout}, qr/^  \Q$option\E\b/m, "$option is explained");
}

for my $wrong ([ '--prot', '1' ], [ '--port' ], [ '--port', '0' ],
               [ '--port', '65536' ], [ '--port=80a' ], [ 'room' ])
{
    my $result = run("$root/run.sh", @$wrong);

    is($result->{exit}, 2, "refused: @$wrong");
    like($result->{stderr}, qr/^run\.sh: .+\nusage:/, 'with the usage');
}

done_testing();

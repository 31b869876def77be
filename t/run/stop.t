# Whatever ends run.sh, nginx and coturn end with it.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Stack;
use Otter::Timing qw(eventually);

for my $signal (qw(INT TERM HUP)) {
    my $stack = Otter::Stack->start;
    my @running = $stack->processes;

    is(scalar(grep { /^(?:nginx|turnserver) / } @running), 2,
       'nginx and coturn run') or diag(join "\n", @running, $stack->output);

    my %code = (INT => 130, TERM => 143, HUP => 143);

    is($stack->interrupt($signal), $code{$signal}, "SIG$signal ends it");
    is_deeply([ $stack->processes ], [], 'and leaves no process');
}

my $stack = Otter::Stack->start;

kill KILL => $stack->{pid};

ok(eventually(15, sub { !$stack->processes }),
   'killed, it leaves no process either')
    or diag(join "\n", $stack->processes);

done_testing();

# Whatever ends run.sh, nginx and coturn end with it.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Stack;
use Otter::Timing qw(eventually);

my %code = (INT => 130, TERM => 143, HUP => 143);

for my $signal (sort keys %code) {
    my $stack = Otter::Stack->start;
    my %process = $stack->processes;

    is_deeply([ sort grep { !/^sleep/ } values %process ],
              [ qw(nginx nginx nginx turnserver) ],
              'a master, two workers and coturn run')
        or diag($stack->output);

    is($stack->interrupt($signal), $code{$signal}, "SIG$signal ends it");
    is_deeply([ Otter::Stack::alive(keys %process) ], [],
              'and leaves no process');
}

my $stack = Otter::Stack->start;
my %process = $stack->processes;

kill KILL => $stack->{pid};

ok(eventually(15, sub { !Otter::Stack::alive(keys %process) }),
   'killed, it leaves no process either')
    or diag(join "\n", map { $process{$_} }
            Otter::Stack::alive(keys %process));

done_testing();

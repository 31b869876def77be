# run.sh --redis starts a Redis of its own, which nobody else gets into, and
# nginx keeps its rooms there; it ends with the others.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::HTTP;
use Otter::JSON qw(from_json);
use Otter::Stack;
use Otter::Timing qw(eventually);

my $stack = Otter::Stack->start(options => ['--redis']);
my %process = $stack->processes;

is_deeply([ sort grep { !/^sleep/ } values %process ],
          [ qw(nginx nginx nginx redis-server turnserver) ],
          'nginx, coturn and Redis run')
    or diag($stack->output);

like($stack->output, qr/Ctrl-C stops nginx and coturn and Redis/,
     'and are told of');

my $health = Otter::HTTP->new(port => $stack->port)->get('health')->json;

is($health->{status}, 'ok', 'health says ok');
is($health->{bus}{type}, 'redis', 'and that rooms are in Redis')
    or diag(explain $health);

my ($redis) = grep { $process{$_} eq 'redis-server' } keys %process;
my @sockets = `ss -xlpH` =~ /^.*pid=$redis,.*$/mg;

is(scalar @sockets, 1, 'Redis listens on a socket');
is(scalar(() = `ss -tlpH` =~ /pid=$redis,/g), 0, 'and on no port');

my ($path) = $sockets[0] =~ m{(/\S+/redis/socket)};
my $folder = $path =~ s{/[^/]+\z}{}r;

is(sprintf('%o', (stat $folder)[2] & 07777), '700',
   'in a folder that only its owner may look into');

is($stack->interrupt, 130, 'Ctrl-C ends it');
is_deeply([ Otter::Stack::alive(keys %process) ], [],
          'and leaves no process');
ok(!-e $folder, 'and no data');

# whichever of them dies, run.sh says so and ends

$stack = Otter::Stack->start(options => ['--redis']);
%process = $stack->processes;
($redis) = grep { $process{$_} eq 'redis-server' } keys %process;
kill KILL => $redis;

ok(eventually(20, sub { $stack->ended }), 'without its Redis it ends');
is($stack->exit_code, 1, 'with an error');
like($stack->output, qr/run\.sh: nginx, Redis or coturn ended unexpectedly/,
     'and says why');

done_testing();

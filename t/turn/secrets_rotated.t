use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter-turn rotates the TURN secret of nginx and a real coturn while fifty
# peers a second join and allocate: none is refused, whatever happens to
# otter-turn.  OTTER_LONG=1 makes it a minute.

use Otter::Companion;
use Otter::Coturn;
use Otter::Redis;
use Otter::Relay;
use Time::HiRes qw(sleep time);

my $PER_SECOND = 50;
my $SECONDS    = $ENV{OTTER_LONG} ? 60 : 8;

my $redis  = Otter::Redis->start;
my $coturn = Otter::Coturn->start(redis => $redis);
my $nginx  = Otter::Nginx->start(
    turn_secrets => ['the-first-secret'],
    server       => 'otter_turn_ttl 4s; otter_turn_uri turn:127.0.0.1:'
        . $coturn->port . '?transport=udp;',
);

my $file = $nginx->path('turn.secret');
my @conf = ('otter-turn', <<~CONF);
    redis = ${\ $redis->url}
    realm = otter
    secret_file = $file
    rotate = 2s
    ttl = 4s
    margin = 2s
    CONF

sub valid () { return @{ $redis->command('SMEMBERS', 'turn/realm/otter/secret') } }
sub signs () { return $nginx->read('turn.secret') =~ s/\n.*//sr }

my $turn = Otter::Companion->start(@conf);

ok(eventually(10, sub { grep { $_ eq 'the-first-secret' } valid() }),
    'what nginx signs with is given to coturn');

my %http = map { $_ => $nginx->http } 1 .. 5;
my (%secret, %refused, @open);
my $begin = time;
my $calls = 0;

while ((my $past = time - $begin) < $SECONDS) {
    my $http   = $http{ 1 + $calls % 5 };
    my $answer = $http->get('ice-servers', bearer =>
        mint($nginx->key, sub => "peer-$calls"))->json;
    my ($server) = @{ $answer->{ice_servers} };

    my $relay = Otter::Relay->allocate($coturn->port,
        @$server{qw(username credential)});

    $refused{ $relay->code }++ if $relay->code;
    $relay->release if !$relay->code;

    # One that uses its credentials at the end of their life.
    push @open, [time + 3, @$server{qw(username credential)}]
        if $calls % 25 == 0;

    while (@open && $open[0][0] <= time) {
        my (undef, @credentials) = @{ shift @open };
        my $late = Otter::Relay->allocate($coturn->port, @credentials);

        $refused{"late $late->{code}"}++ if $late->code;
        $late->release if !$late->code;
    }

    $secret{ signs() }++;
    $calls++;

    # It dies in the middle, and comes back.
    if ($calls % int($SECONDS * $PER_SECOND / 3) == 0) {
        $turn->kill;
        $turn->launch;
    }

    my $wait = $begin + $calls / $PER_SECOND - time;

    sleep $wait if $wait > 0;
}

is_deeply(\%refused, {}, 'no peer is refused');
cmp_ok($calls, '>=', $SECONDS * 10, "of $calls in $SECONDS seconds");
cmp_ok(keys %secret, '>=', 3, 'while secrets came and went');

is((stat $file)[2] & 07777, 0600, 'the file is for its owner alone');
ok(eventually(20, sub { !grep { $_ eq 'the-first-secret' } valid() }),
    'an old secret is taken out in the end');
ok(!!(grep { $_ eq signs() } valid()), 'the one that signs stays');
ok($turn->stop, 'otter-turn ends as it is asked to');
unlike($turn->log, qr/\Q${\ signs()}\E/, 'no secret is in its log');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Fifty peers a second ask for a token, join by the socket and get a relay of
# a real coturn, while "otter secret rotate" replaces the signing key again and
# again, and otter-turn the TURN secret: none is refused anything, nor are those
# whose tokens are near their end.  OTTER_LONG=1 makes it a minute, and holds a
# machine to fifty: a busy one, or valgrind, may come to fewer.

use Otter::Command qw(run);
use Otter::Companion;
use Otter::Coturn;
use Otter::HTTP;
use Otter::Paths qw($command);
use Otter::Redis;
use Otter::Relay;
use POSIX ();
use Time::HiRes qw(sleep time);

my $PER_SECOND = 50;
my $SECONDS    = $ENV{OTTER_LONG} ? 60 : 10;
my $LEAST      = $ENV{OTTER_LONG} ? 45 : 2;
my $CLIENTS    = 2;
my $LIFE       = 4;

my $redis  = Otter::Redis->start;
my $coturn = Otter::Coturn->start(redis => $redis);
my $nginx  = Otter::Nginx->start(
    workers      => 2,
    keys         => [Otter::Key->es256('first')],
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['the-first-secret'],
    server       => "otter_token_ttl ${LIFE}s; otter_token_max_ttl ${LIFE}s;
        otter_turn_ttl ${LIFE}s; otter_turn_uri turn:127.0.0.1:"
        . $coturn->port . '?transport=udp;',
);
my $turn = Otter::Companion->start('otter-turn', <<~CONF);
    redis = ${\ $redis->url}
    realm = otter
    secret_file = ${\ $nginx->path('turn.secret')}
    rotate = 2s
    ttl = ${LIFE}s
    margin = 2s
    CONF

ok(eventually(20, sub {
    grep { $_ eq 'the-first-secret' }
        @{ $redis->command('SMEMBERS', 'turn/realm/otter/secret') };
}), 'what nginx signs with is given to coturn');


# One client: what it has seen, as { what => how often }.

sub join_and_leave ($client) {
    my $http  = Otter::HTTP->new(port => $nginx->port);
    my $key   = $nginx->api_key('main');
    my $begin = time;
    my (%seen, @late);

    my $check = sub ($token, $what) {
        my $peer = Otter::Peer->knock($nginx, 'any', token => $token);

        if ($peer->ws->status != 101) {

            # This program may have been too slow for it.
            $seen{ "refused: $what " . $peer->ws->response->body }++
                if time < claims_of($token)->{exp};
            return;
        }

        my $welcome = $peer->expect('welcome', 20);
        my ($server) = @{ $welcome->{ice_servers} };
        my $relay = Otter::Relay->allocate($coturn->port,
            @$server{qw(username credential)});

        $relay->code ? $seen{"refused: $what relay " . $relay->code}++
            : $relay->release;
        $peer->leave;
        $seen{$what}++;
    };

    for (my $n = 0; time - $begin < $SECONDS; $n++) {
        my $answer = $http->post('token', { room => "room-$client-" . $n % 40,
            identity => "peer-$n" }, bearer => $key);
        my $token  = $answer->status == 200 ? $answer->json->{token} : undef;

        if ($token) {
            $seen{ 'kid ' . header_of($token)->{kid} }++;
            $check->($token, 'joined');
            push @late, [time + $LIFE - 2, $token] if $n % 20 == 0;

        } else {
            $seen{ 'refused: ' . $answer->body }++;
        }

        # Those that come with a token of a key that has been replaced.
        $check->((shift @late)->[1], 'late') while @late && $late[0][0] <= time;

        my $wait = $begin + ($n + 1) * $CLIENTS / $PER_SECOND - time;

        sleep $wait if $wait > 0;
    }

    return \%seen;
}


my %client;

for my $n (1 .. $CLIENTS) {
    my $file = $redis->path("client-$n");
    my $pid  = fork // die "fork: $!";

    if (!$pid) {
        my $seen = eval { join_and_leave($n) } // { "refused: $@" => 1 };

        open my $out, '>', $file or POSIX::_exit(1);
        print {$out} to_json($seen);
        close $out or POSIX::_exit(1);
        POSIX::_exit(0);
    }

    $client{$pid} = $file;
}


# Meanwhile here: a key every three seconds or so, which signs two seconds
# later.

my $end = time + $SECONDS;
my (%turn_secret, $rotations);

while ((my $left = $end - time) > 0) {
    if ($left > 2.5 && ($rotations // 0) * 2.6 <= $SECONDS - $left) {
        my $result = run($command, qw(secret rotate --delay 2 --overlap),
            "${LIFE}s", '--file', $nginx->path('jwt.json'));

        $rotations++ if $result->{exit} == 0;
        die $result->{stderr}
            if $result->{exit} && $result->{stderr} !~ /signs from/;
    }

    $turn_secret{ $nginx->read('turn.secret') =~ s/\n.*//sr } = 1;
    sleep 0.2;
}

my (%seen, $failed);

for my $pid (sort keys %client) {
    waitpid $pid, 0;
    $failed ||= $?;

    open my $in, '<', $client{$pid} or next;
    my $seen = from_json(do { local $/; readline $in });

    $seen{$_} += $seen->{$_} for keys %$seen;
}

is($failed, 0, 'the clients come to their end') or diag $failed;
is_deeply([grep { /^refused/ } sort keys %seen], [], 'nobody is refused')
    or diag map { "$_: $seen{$_}\n" } sort keys %seen;

note "$seen{joined} joined in $SECONDS seconds, ", $seen{late} // 0, ' late; ',
    join ', ', map { "$_: $seen{$_}" } grep { /^kid/ } sort keys %seen;

cmp_ok($seen{joined}, '>=', $SECONDS * $LEAST,
    "of $seen{joined} in $SECONDS s");
cmp_ok($seen{late} // 0, '>=', 1, 'and of those with old tokens');
cmp_ok($rotations, '>=', 3, "while the key was rotated $rotations times");
cmp_ok(scalar(grep { /^kid/ } keys %seen), '>=', 3, 'and several signed');
cmp_ok(scalar keys %turn_secret, '>=', 3, 'as did TURN secrets');
ok($turn->stop, 'otter-turn ends as it is asked to');


done_testing;

package Bench::Scenario;

# What is measured: for each scenario the cases, which are compared with the
# first one, and what of the generator's report counts.

use v5.36;

use Exporter 'import';

our @EXPORT_OK = qw(scenarios);

my @peers = qw(--peers 400 --room 4);
my @all   = qw(otter nchan ws socketio peerjs floor);
my @rooms = qw(otter nchan ws socketio floor);


# A case is [label, server, arguments...].  Members besides cases:
#
#   name, title  the title says what a row of the table is
#   metric       key of the report, in which less is better
#   unit         of the metric
#   args         of the generator, for every case
#   goal         { label => at most this many times that case }
#   workers      of each nginx
#   only         run when it is named, and once
#   alone        on their cores: server and generator never wait for others
#   http         requests, not messages

sub scenarios () {
    my @scenarios = (_messages(), _across(), _single());

    $_->{metric} //= 'total_us'  for @scenarios;
    $_->{unit}   //= 'µs'        for @scenarios;
    $_->{goal}   //= {}          for @scenarios;

    return @scenarios;
}


sub _cases (@servers) {
    return [ map { [$_, $_] } @servers ];
}


# Each with one message of a sender on its way, where nothing can be gathered
# into one system call, and with 16, as under a load that makes queues.

sub _messages () {
    my @kinds = (
        {
            name  => 'directed',
            title => 'Directed, 300 B, rooms of 4',
            cases => _cases(qw(otter nchan nchan-ring ws socketio peerjs
                floor)),
            args  => [qw(--mode directed --size 300), @peers],
            goal  => { nchan => 0.35, ws => 0.30 },
        },
        {
            name  => 'room',
            title => 'To the room of 4, 300 B',
            cases => _cases(@rooms),
            args  => [qw(--mode room --size 300), @peers],
            goal  => { nchan => 0.5, ws => 0.25 },
        },
        {
            name  => 'room-2k',
            title => 'To the room of 4, 2 KiB',
            cases => _cases(@rooms),
            args  => [qw(--mode room --size 2048), @peers],
            goal  => { nchan => 0.5, ws => 0.25 },
        },
        {
            name  => 'fanout',
            title => 'Fan-out to 999, 300 B',
            cases => _cases(@rooms),
            args  => [qw(--mode one --size 300 --peers 1000 --room 1000)],
            goal  => { nchan => 0.5, ws => 0.3 },
        },
    );

    return map { my $kind = $_; map { {
        %$kind,
        alone => 1,
        name  => "$kind->{name}-$_",
        title => "$kind->{title}, $_ on the way",
        args  => [@{ $kind->{args} }, '--window', $_],
    } } 1, 16 } @kinds;
}


# Peers on two workers, and on two instances with a Redis between them.

sub _across () {
    return map { my $window = $_; (
        {
            name    => "workers-$window",
            title   => 'Directed, 300 B, to another worker, '
                . "$window on the way",
            workers => 2,
            cases   => [
                [qw(cross-worker otter --spread cross)],
                [qw(same-worker otter --spread same)],
            ],
            args    => [qw(--mode directed --size 300 --window), $window,
                @peers],
            goal    => { 'same-worker' => 1.6 },
        },
        {
            name  => "redis-$window",
            title => 'Directed, 300 B, to another instance through Redis '
                . "(its CPU included), $window on the way",
            cases => _cases(qw(otter-redis nchan-redis socketio-redis)),
            args  => [qw(--mode directed --size 300 --window), $window,
                @peers],
            goal  => { 'nchan-redis' => 0.3, 'socketio-redis' => 0.3 },
        },
    ) } 1, 16;
}


sub _single () {
    return (
        {
            name   => 'joins',
            alone  => 1,
            title  => '8,000 joins of rooms of 4',
            metric => 'join_us',
            cases  => _cases(@all),
            args   => [qw(--peers 8000 --room 4 --warm 0 --measure 0)],
            goal   => { nchan => 1.25, ws => 0.33 },
        },
        {
            name   => 'latency',
            title  => 'p99 at 5,000 messages/s, directed, 300 B',
            metric => 'p99_us',
            cases  => _cases(@all),
            args   => [qw(--mode directed --size 300 --rate 5000), @peers],
            goal   => { ws => 1.1 },
        },
        {
            name   => 'latency-room',
            title  => 'p99 at 5,000 deliveries/s to rooms of 4, 300 B',
            metric => 'p99_us',
            cases  => _cases(@rooms),
            args   => [qw(--mode room --size 300 --rate 1667), @peers],
            goal   => { ws => 1.1 },
        },
        {
            name   => 'idle',
            title  => 'Memory of an idle peer, 15,000 in rooms of 4',
            metric => 'memory_each',
            unit   => 'B',
            cases  => _cases('otter', 'otter-tls', grep { $_ ne 'otter' } @rooms),
            args   => [qw(--mode room --peers 15000 --room 4 --hold 2000
                --limit 1)],
        },
        {
            name   => 'token',
            alone  => 1,
            title  => 'POST token, against the same request to "return 200"',
            cases  => [['token', 'otter'], ['return', 'otter']],
            http   => 1,
            args   => [qw(--mode directed --peers 64 --room 1)],
            goal   => { return => 1.8 },
        },
        {
            name   => 'slow',
            title  => 'p99 of the others in a room of 8, one stops reading',
            metric => 'p99_us',
            cases  => [
                [qw(slow otter --slow 1)],
                [qw(none-slow otter --slow 0)],
            ],
            args   => [qw(--mode room --size 2048 --rate 1000 --peers 8
                --room 8)],
            goal   => { 'none-slow' => 1.1 },
        },
        {
            name    => 'many',
            title   => '200,400 idle peers for 5 minutes, then a message each',
            metric  => 'memory_each',
            unit    => 'B',
            only    => 1,
            workers => 12,
            zone    => '1g',
            cases   => _cases('otter'),
            args    => [qw(--mode directed --peers 200400 --room 4
                --processes 12 --hold 300000 --limit 1 --timeout 600)],
        },
    );
}


1;

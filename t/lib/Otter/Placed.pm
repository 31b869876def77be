package Otter::Placed;

# Peers on chosen workers.  nginx must listen with reuseport, so that the
# kernel spreads connections.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use Otter::Peer;
use Time::HiRes qw(time);

our @EXPORT_OK = qw(enter_at other_worker status_at);


# Joins as Otter::Peer->enter does, again until the worker is the one wanted.

sub enter_at ($nginx, $worker, $identity, %option) {
    for (1 .. 200) {
        my $peer = Otter::Peer->enter($nginx, $identity, %option);

        return $peer if $nginx->worker_of($peer->ws->socket) == $worker;

        $peer->leave;
    }

    croak "no connection came to worker $worker";
}


sub other_worker ($nginx, $worker) {
    return (grep { $_ != $worker } $nginx->worker_pids)[0];
}


# The status as JSON, from a location "/status", of a worker that answers.

sub status_at ($nginx, $timeout = 10) {
    my $end = time + $timeout;

    while (time < $end) {
        my $status = eval {
            local $SIG{ALRM} = sub { die "no answer\n" };
            alarm 1;
            my $json = $nginx->http(prefix => '/')->get('status?format=json')
                ->json;
            alarm 0;
            $json;
        };

        alarm 0;

        return $status if $status;
    }

    croak 'no worker answers';
}


1;

package Otter::Hosts;

# Several nginx instances on one Redis, as behind a load balancer: whatever
# takes an Otter::Nginx to connect to takes this as well, and goes to the next
# of the instances that live.
#
#     my $hosts = Otter::Hosts->start(hosts => 2, workers => 2);
#     my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
#     my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);

use v5.36;

use Carp qw(croak);
use Otter::Cable;
use Otter::Key;
use Otter::Nginx;
use Otter::Redis;
use Otter::Timing qw(eventually);


# Besides the options of Otter::Nginx, for each of them:
#
#   hosts   how many; 2 unless told
#   redis   one that runs; otherwise it starts one
#   urls    what otter_redis says, if not that Redis
#   cables  1: each host reaches Redis by an Otter::Cable, which can be cut
#   health  what it says when all have started; ok unless told

sub start ($class, %option) {
    my $count = delete $option{hosts} // 2;
    my $redis = delete $option{redis} // Otter::Redis->start;
    my $urls  = delete $option{urls};
    my $cut   = delete $option{cables};
    my $state = delete $option{health} // 'ok';
    my $self  = bless { redis => $redis, turn => 0 }, $class;

    $option{keys}   //= [Otter::Key->hs256('test')];
    $option{listen} //= 'reuseport';

    for my $n (0 .. $count - 1) {
        $self->{cables}[$n] = Otter::Cable->start($redis->port) if $cut;

        my $port = $cut ? $self->{cables}[$n]->port : $redis->port;
        my $url  = $urls // "redis://127.0.0.1:$port";

        push @{ $self->{nginx} }, Otter::Nginx->start(%option,
            http => "otter_redis $url;\n" . ($option{http} // ''));
    }

    $self->heals(20, $state) or croak "health is not $state";

    return $self;
}


sub redis ($self)     { return $self->{redis} }
sub nginx ($self, $n) { return $self->{nginx}[$n] }
sub cable ($self, $n) { return $self->{cables}[$n] }
sub key ($self)       { return $self->{nginx}[0]->key }


# The numbers of the hosts that live.

sub live ($self) {
    return grep { !$self->{dead}{$_} } 0 .. $#{ $self->{nginx} };
}


sub _next ($self) {
    my @live = $self->live;

    return $live[ $self->{turn}++ % @live ];
}


# A WebSocket to one of the hosts: "at" says which, if that one lives.

sub websocket ($self, %option) {
    my $at = delete $option{at};

    $at = $self->_next if !defined $at || $self->{dead}{$at};

    return $self->{nginx}[$at]->websocket(%option);
}


# The worker, of any host, that serves a client's connection.

sub worker_of ($self, $socket) {
    return $self->{nginx}[ $self->host_of($socket) ]->worker_of($socket);
}


# The number of the host that a connection leads to.

sub host_of ($self, $socket) {
    my $port  = $socket->handle->peerport;
    my ($at)  = grep { $self->{nginx}[$_]->port == $port }
        0 .. $#{ $self->{nginx} };

    return $at // croak "no host is on port $port";
}


# Kills an instance, master and workers, as a host that loses its power.

sub kill ($self, $n) {
    $self->{dead}{$n} = 1;
    CORE::kill KILL => -$self->{nginx}[$n]->pid;
}


# What health says at each host that lives.

sub health ($self) {
    return map {
        $self->{nginx}[$_]->http->get('health')->json->{status}
    } $self->live;
}


# Waits until every worker of every host has the same to say; each request
# goes to one of them, no matter which.

sub heals ($self, $seconds, $status = 'ok') {
    my $times = 0;

    return eventually($seconds, sub {
        my $other = grep { $_ ne $status } $self->health;

        $times = $other ? 0 : $times + 1;

        return $times >= 12;
    });
}


1;

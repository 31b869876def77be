package Otter::Cluster;

# A real Redis cluster on loopback.
#
#     my $cluster = Otter::Cluster->start(masters => 3, replicas => 1);
#     my $hosts   = Otter::Hosts->start(redis => $cluster,
#         urls => $cluster->url);
#
#     $cluster->move_slot($cluster->slot_of('{room}'), 2);
#
# It ends with the object.

use v5.36;

use Carp qw(croak);
use Otter::Command qw(output_of);
use Otter::Conf qw(free_port);
use Otter::Redis;
use Otter::Timing qw(eventually);

my $SLOTS = 16384;


# Options: masters, replicas (of each master), timeout (milliseconds until a
# node is taken for dead), and those of Otter::Redis.

sub start ($class, %option) {
    my $masters  = delete $option{masters}  // 3;
    my $replicas = delete $option{replicas} // 0;
    my $timeout  = delete $option{timeout}  // 5000;
    my $self     = bless { masters => $masters }, $class;

    for my $n (0 .. $masters * (1 + $replicas) - 1) {
        push @{ $self->{nodes} },
            $self->_node($timeout, %option, $self->_family);
    }

    $self->_join;

    return $self;
}


# All have the certificate of the first.

sub _family ($self) {
    my $first = ($self->{nodes} // [])->[0] // return;

    return $first->tls_port ? (tls_of => $first) : ();
}


sub _node ($self, $timeout, %option) {
    my $bus = free_port();

    push @{ $self->{bus} }, $bus;

    push @{ $option{conf} }, 'tls-cluster yes', 'tls-replication yes'
        if $option{tls};

    return Otter::Redis->start(
        %option,
        conf => [
            @{ $option{conf} // [] },
            'cluster-enabled yes',          "cluster-port $bus",
            "cluster-node-timeout $timeout",
            'cluster-allow-replica-migration no',
            'repl-diskless-sync-delay 0',
            'cluster-replica-validity-factor 0',
            $option{password} ? "masterauth $option{password}" : (),
        ],
    );
}


sub _join ($self) {
    my $nodes   = $self->{nodes};
    my $masters = $self->{masters};

    for my $n (0 .. $#$nodes) {
        if ($n < $masters) {
            $nodes->[$n]->command('CLUSTER', 'ADDSLOTSRANGE',
                int($SLOTS * $n / $masters),
                int($SLOTS * ($n + 1) / $masters) - 1);
        }

        # Each needs an epoch of its own, which else takes them a while.
        $nodes->[$n]->command('CLUSTER', 'SET-CONFIG-EPOCH', $n + 1);
        $nodes->[0]->command('CLUSTER', 'MEET', '127.0.0.1', $self->port_of($n),
            $self->{bus}[$n]) if $n;
    }

    $self->_agree('all have met', sub ($node) {
        return (() = $node->command('CLUSTER', 'NODES') =~ /connected/g)
            == @$nodes;
    });

    for my $n ($masters .. $#$nodes) {
        $nodes->[$n]->command('CLUSTER', 'REPLICATE',
            $self->id_of($n % $masters));
    }

    $self->whole;
    $self->_agree('the replicas have their data', sub ($node) {
        return $node->info('role') eq 'master'
            || $node->info('master_link_status') eq 'up';
    });
}


# The port by which the nodes know each other.

sub port_of ($self, $n) {
    my $node = $self->{nodes}[$n];

    return $node->tls_port // $node->port;
}


sub _agree ($self, $what, $condition) {
    eventually(20, sub {
        my @not = grep { !eval { $condition->($_) } } $self->alive;

        return !@not;
    }) or croak "the cluster does not come to: $what";
}


# Waits until all nodes that live say that the cluster is whole.

sub whole ($self) {
    $self->_agree('it is whole', sub ($node) {
        return $node->command('CLUSTER', 'INFO') =~ /cluster_state:ok/;
    });
}


sub alive ($self)    { return grep { $_->pid } @{ $self->{nodes} } }
sub node ($self, $n) { return $self->{nodes}[$n] }
sub port ($self)     { return $self->{nodes}[0]->port }


# The nodes that have slots, as numbers, and the one that has this slot.

sub owner ($self, $slot) {
    my ($any) = $self->alive;

    for my $entry (@{ $any->command('CLUSTER', 'SLOTS') }) {
        next if $slot < $entry->[0] || $slot > $entry->[1];

        my ($n) = grep { $self->{nodes}[$_]->port == $entry->[2][1] }
            0 .. $#{ $self->{nodes} };

        return $n;
    }

    return;
}


sub id_of ($self, $n) {
    return $self->{nodes}[$n]->command('CLUSTER', 'MYID');
}


sub slot_of ($self, $key) {
    my ($any) = $self->alive;

    return $any->command('CLUSTER', 'KEYSLOT', $key);
}


# A command, by the node that has its key.

sub command ($self, @words) {
    my $key = $words[$words[0] =~ /^X(?:GROUP|INFO)$/ ? 2 : 1];

    return $self->node($self->owner($self->slot_of($key)))->command(@words);
}


# For "otter_redis"; url(tls => 1).

sub url ($self, %option) {
    my ($first, @more) = @{ $self->{nodes} };
    my $login  = $first->{password} ? ":$first->{password}@" : '';
    my $scheme = $option{tls} ? 'clusters' : 'cluster';
    my @ports  = map { $option{tls} ? $_->tls_port : $_->port }
        @{ $self->{nodes} };

    return "$scheme://$login"
        . join(',', map { "127.0.0.1:$_" } @ports)
        . ($option{tls} ? '?ca=' . $first->path('ca.crt') : '');
}


# The steps of a move, which a test may take by itself: it is announced, the
# keys go, and the nodes are told; all of them in move_slot.

sub announce ($self, $slot, $to) {
    my $from = $self->owner($slot);

    $self->{nodes}[$to]->command('CLUSTER', 'SETSLOT', $slot, 'IMPORTING',
        $self->id_of($from));
    $self->{nodes}[$from]->command('CLUSTER', 'SETSLOT', $slot, 'MIGRATING',
        $self->id_of($to));

    return $from;
}


sub migrate ($self, $slot, $to, $from, $most = 1000) {
    my $node = $self->{nodes}[$from];
    my $keys = $node->command('CLUSTER', 'GETKEYSINSLOT', $slot, $most);
    my @auth = $node->{password} ? ('AUTH', $node->{password}) : ();

    return 0 if !@$keys;

    $node->command('MIGRATE', '127.0.0.1', $self->port_of($to), '', 0, 5000,
        @auth, 'KEYS', @$keys);

    return scalar @$keys;
}


sub tell ($self, $slot, $to) {
    my $id    = $self->id_of($to);
    my $from  = $self->owner($slot);
    my @first = ($to, $from);

    for my $n (@first) {
        $self->{nodes}[$n]->command('CLUSTER', 'SETSLOT', $slot, 'NODE', $id);
    }
}


sub move_slot ($self, $slot, $to) {
    my $from = $self->announce($slot, $to);

    1 while $self->migrate($slot, $to, $from);

    $self->tell($slot, $to);
}


# So many of the lowest slots of one master go to another, as administrators
# do it.

sub reshard ($self, $from, $to, $count) {
    my $node  = $self->{nodes}[$from];
    my @login = $node->{password} ? ('-a', $node->{password}, '--no-auth-warning')
        : ();

    return output_of('redis-cli', @login, '--cluster', 'reshard',
        '127.0.0.1:' . $node->port, '--cluster-from', $self->id_of($from),
        '--cluster-to', $self->id_of($to), '--cluster-slots', $count,
        '--cluster-yes');
}


1;

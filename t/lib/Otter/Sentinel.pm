package Otter::Sentinel;

# A Redis master with replicas, and sentinels that watch over it.
#
#     my $sentinel = Otter::Sentinel->start;
#     my $hosts    = Otter::Hosts->start(redis => $sentinel,
#         urls => $sentinel->url);
#
#     $sentinel->master->kill;
#
# It ends with the object.

use v5.36;

use Carp qw(croak);
use Otter::Redis;
use Otter::Timing qw(eventually);

my $NAME = 'otter';


# Options: sentinels, replicas, down_after (milliseconds), sentinel_password,
# and those of Otter::Redis for the servers.

sub start ($class, %option) {
    my $sentinels = delete $option{sentinels}         // 3;
    my $replicas  = delete $option{replicas}          // 1;
    my $after     = delete $option{down_after}        // 500;
    my $secret    = delete $option{sentinel_password};
    my $self      = bless { secret => $secret }, $class;
    my @conf      = ('repl-diskless-sync-delay 0', @{ $option{conf} // [] });
    my $tls       = $option{tls};

    push @conf, 'tls-replication yes' if $tls;

    push @conf, "masterauth $option{password}" if $option{password};

    for my $n (0 .. $replicas) {
        push @{ $self->{servers} }, Otter::Redis->start(%option,
            conf => [@conf, $n ? 'replicaof 127.0.0.1 '
                    . $self->_port_of(0) : ()],
            $tls && $n ? (tls_of => $self->{servers}[0]) : ());
    }

    my $port   = $self->_port_of(0);
    my $quorum = int($sentinels / 2) + 1;

    for (1 .. $sentinels) {
        push @{ $self->{sentinels} }, Otter::Redis->start(
            sentinel => 1,
            password => $secret,
            $tls ? (tls_of => $self->{servers}[0]) : (),
            conf     => [
                $tls ? 'tls-replication yes' : (),
                "sentinel monitor $NAME 127.0.0.1 $port $quorum",
                "sentinel down-after-milliseconds $NAME $after",
                "sentinel failover-timeout $NAME 3000",
                $option{password}
                    ? "sentinel auth-pass $NAME $option{password}" : (),
                $secret ? "sentinel sentinel-pass $secret" : (),
            ],
        );
    }

    $self->_agree;

    return $self;
}


# The port by which the servers know each other.

sub _port_of ($self, $n) {
    my $server = $self->{servers}[$n];

    return $server->tls_port // $server->port;
}


# Each sentinel knows of the others and of the replicas.

sub _agree ($self) {
    my $others   = @{ $self->{sentinels} } - 1;
    my $replicas = @{ $self->{servers} } - 1;

    eventually(20, sub {
        for my $sentinel ($self->sentinels) {
            my %master = @{ $sentinel->command('SENTINEL', 'MASTER', $NAME) };

            return if $master{'num-slaves'} < $replicas
                || $master{'num-other-sentinels'} < $others;
        }

        return 1;
    }) or croak 'the sentinels do not find each other';

    eventually(20, sub {
        return !grep { ($_->info('master_link_status') // 'up') ne 'up' }
            $self->servers;
    }) or croak 'the replicas do not get their data';
}


sub name ($self)      { return $NAME }
sub sentinels ($self) { return grep { $_->pid } @{ $self->{sentinels} } }
sub servers ($self)   { return grep { $_->pid } @{ $self->{servers} } }
sub port ($self)      { return $self->master->port }


# The server that is the master, by what the sentinels say.

sub master ($self) {
    my ($any) = $self->sentinels;
    my $port  = $any->command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME',
        $NAME)->[1];
    my ($master) = grep { ($_->tls_port // $_->port) == $port }
        @{ $self->{servers} };

    return $master;
}


# A master that is asked to give way, as for maintenance.

sub failover ($self) {
    my $old   = $self->master;
    my ($any) = $self->sentinels;

    # A replica that has just come back is not taken at once.

    eventually(30, sub {
        eval { $any->command('SENTINEL', 'FAILOVER', $NAME); 1 }
    }) or croak "no failover: $@";

    $self->failed_over($old);
}


# Waits until another one than this is the master.

sub failed_over ($self, $old) {
    eventually(30, sub {
        my $now = eval { $self->master } // return;

        return $now->port != $old->port
            && eval { $now->info('role') eq 'master' };
    }) or croak 'no other server becomes the master';
}


# For "otter_redis"; url(sentinels => 1): with that many of them.

sub url ($self, %option) {
    my $login = $self->{servers}[0]{password};
    my @some  = @{ $self->{sentinels} };

    $#some = $option{sentinels} - 1 if $option{sentinels};

    my $tls  = $some[0]->tls_port;
    my @more = ($self->{secret} ? "sentinel_password=$self->{secret}" : (),
        $tls ? 'ca=' . $self->{servers}[0]->path('ca.crt') : ());

    return ($tls ? 'sentinels://' : 'sentinel://')
        . ($login ? ":$login@" : '')
        . join(',', map { '127.0.0.1:' . ($_->tls_port // $_->port) } @some)
        . "/$NAME" . (@more ? '?' . join '&', @more : '');
}


1;

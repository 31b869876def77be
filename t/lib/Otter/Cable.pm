package Otter::Cable;

# A network cable to a server on loopback: a port of its own whose bytes go
# there and back, until it is cut.
#
#     freeze, thaw   nothing passes, and nobody is told; later everything does
#     cut, mend      connections end, and new ones are refused

use v5.36;

use Carp qw(croak);
use IO::Select;
use IO::Socket::IP;
use Otter::Conf qw(free_port);


sub start ($class, $to) {
    my $self = bless { to => $to, port => free_port(), owner => $$ }, $class;

    $self->mend;

    return $self;
}


sub port ($self) { return $self->{port} }


sub freeze ($self) { kill STOP => $self->{pid} }
sub thaw ($self)   { kill CONT => $self->{pid} }


sub cut ($self) {
    my $pid = delete $self->{pid} // return;

    kill KILL => $pid;
    waitpid $pid, 0;
}


sub mend ($self) {
    my $listen = IO::Socket::IP->new(
        LocalHost => '127.0.0.1',
        LocalPort => $self->{port},
        Listen    => 64,
        ReuseAddr => 1,
    ) or croak "listen on port $self->{port}: $@";

    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    $SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);
    $SIG{PIPE} = 'IGNORE';

    eval { _carry($listen, $self->{to}) };
    kill KILL => $$;
}


# Bytes from one side are written to the other as a whole: both are on
# loopback, and Redis and nginx read all the time.

sub _carry ($listen, $to) {
    my $select = IO::Select->new($listen);
    my %other;

    while (my @ready = $select->can_read) {
        for my $handle (@ready) {
            if ($handle == $listen) {
                _accept($listen, $to, $select, \%other);
                next;
            }

            my $other = $other{$handle} // next;
            my $got   = sysread $handle, my $bytes, 65536;

            if (!$got || !_write($other, $bytes)) {
                $select->remove($handle, $other);
                delete @other{ $handle, $other };
                close $_ for $handle, $other;
            }
        }
    }
}


sub _accept ($listen, $to, $select, $other) {
    my $near = $listen->accept // return;
    my $far  = IO::Socket::IP->new(PeerHost => '127.0.0.1', PeerPort => $to)
        // return;

    @$other{ $near, $far } = ($far, $near);
    $select->add($near, $far);
}


sub _write ($handle, $bytes) {
    while (length $bytes) {
        my $sent = syswrite $handle, $bytes;

        return 0 if !$sent;

        substr $bytes, 0, $sent, '';
    }

    return 1;
}


sub DESTROY ($self) {
    local $?;

    $self->cut if $self->{owner} == $$;
}


1;

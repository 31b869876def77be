package Otter::Socket;

# A buffered client connection that never blocks: what can't be written yet is
# kept, what has arrived is in the input buffer, and poll() serves any number
# of connections at once.  TLS goes through "openssl s_client", since Perl's
# core has none.

use v5.36;

use Carp qw(croak);
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use IO::Select;
use IO::Socket::IP;
use Otter::Timing qw(deadline patience remaining);
use Socket qw(AF_UNIX IPPROTO_TCP PF_UNSPEC SOCK_STREAM SOL_SOCKET SO_LINGER
    SO_RCVBUF TCP_NODELAY);

$SIG{PIPE} = 'IGNORE';


sub new ($class, %option) {
    my $self = bless { in => '', out => '', eof => 0 }, $class;

    $self->{handle} = $option{tls} ? $self->_tls(%option) : _tcp(%option);
    $self->{handle}->blocking(0);

    return $self;
}


sub _tcp (%option) {
    my $handle = IO::Socket::IP->new(
        PeerHost => $option{host} // '127.0.0.1',
        PeerPort => $option{port},
        Type     => SOCK_STREAM,
        Timeout  => patience(5),
        $option{receive_buffer}
            ? (Sockopts => [[SOL_SOCKET, SO_RCVBUF, $option{receive_buffer}]])
            : (),
    ) or croak "connect to port $option{port}: $@";

    setsockopt $handle, IPPROTO_TCP, TCP_NODELAY, 1;

    return $handle;
}


sub _tls ($self, %option) {
    my ($ours, $theirs) = IO::Socket->new->socketpair(AF_UNIX, SOCK_STREAM,
        PF_UNSPEC) or croak "socketpair: $!";

    $self->{child} = fork // croak "fork: $!";

    if (!$self->{child}) {
        open STDIN,  '<&', $theirs     or die "stdin: $!";
        open STDOUT, '>&', $theirs     or die "stdout: $!";
        open STDERR, '>',  '/dev/null' or die "stderr: $!";
        close $ours;
        exec 'openssl', 's_client', '-quiet', '-servername', 'localhost',
            '-connect', ($option{host} // '127.0.0.1') . ":$option{port}"
            or die "openssl: $!";
    }

    close $theirs;

    return $ours;
}


sub handle ($self)     { return $self->{handle} }
sub eof ($self)        { return $self->{eof} }
sub unsent ($self)     { return length $self->{out} }


# The ports of both ends, the server's first.

sub ports ($self) {
    return ($self->{handle}->peerport, $self->{handle}->sockport);
}


sub send ($self, $bytes) {
    $self->{out} .= $bytes;
    $self->_flush;

    return $self;
}


sub _flush ($self) {
    while (length $self->{out}) {
        my $sent = syswrite $self->{handle}, $self->{out};

        if (!defined $sent) {
            return if $!{EAGAIN} || $!{EWOULDBLOCK};
            next   if $!{EINTR};

            # The other side is gone; reading will tell.
            $self->{out} = '';
            return;
        }

        substr $self->{out}, 0, $sent, '';
    }
}


sub _fill ($self) {
    while (!$self->{eof}) {
        my $got = sysread $self->{handle}, $self->{in}, 65536,
            length $self->{in};

        if (!defined $got) {
            return if $!{EAGAIN} || $!{EWOULDBLOCK};
            next   if $!{EINTR};
        }

        $self->{eof} = 1 if !$got;
    }
}


# Moves bytes on every connection until the timeout, or until something was
# read; returns the connections that have news.

sub poll ($class, $timeout, @sockets) {
    my %of    = map { fileno $_->{handle} => $_ } grep { !$_->{eof} } @sockets;
    my $read  = IO::Select->new(map { $_->{handle} } values %of);
    my $write = IO::Select->new(
        map { $_->{handle} } grep { length $_->{out} } values %of);

    return if !%of;

    my ($readable, $writable) = IO::Select->select($read, $write, undef,
        $timeout);

    $of{ fileno $_ }->_flush for @{ $writable // [] };

    my @news = map { $of{ fileno $_ } } @{ $readable // [] };

    $_->_fill for @news;

    return @news;
}


# Waits until $parse, given the input buffer by reference, returns something
# true.  False when the time is over, or at the end of the stream.

sub wait_for ($self, $timeout, $parse) {
    my $deadline = deadline($timeout);

    while (1) {
        my $value = $parse->(\$self->{in});

        return $value if $value;
        return if $self->{eof} || !remaining($deadline);

        Otter::Socket->poll(remaining($deadline), $self);
    }
}


# True when the server ends the connection in time; what it says until then
# stays in the buffer.

sub ends ($self, $timeout = 5) {
    $self->wait_for($timeout, sub { 0 });

    return $self->{eof};
}


sub drain ($self) {
    my $bytes = $self->{in};

    $self->{in} = '';

    return $bytes;
}


sub close ($self) {
    return if $self->{closed}++;

    $self->{eof} = 1;
    CORE::close $self->{handle};

    if (my $child = delete $self->{child}) {
        kill TERM => $child;
        waitpid $child, 0;
    }
}


# Ends the connection with a reset, as a host does that lost it.

sub reset ($self) {
    setsockopt $self->{handle}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    $self->close;
}


sub DESTROY ($self) {
    local ($., $@, $!, $^E, $?);

    $self->close if $self->{handle};
}


1;

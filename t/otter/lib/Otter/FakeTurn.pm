package Otter::FakeTurn;

# A TURN server that misbehaves as told, which coturn would never do: it
# answers the n-th request with what the n-th step makes of it.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use IO::Socket::IP;
use POSIX ();
use Socket qw(SOCK_DGRAM SOCK_STREAM);

our @EXPORT_OK = qw(attribute challenge failure message);


# start(steps => [sub ($request) { bytes, ... }, ...], host => ..., tcp => 1)
# The last step answers all that follow.  No bytes: no answer.

sub start ($class, %option) {
    my $socket = IO::Socket::IP->new(
        LocalHost => $option{host} // '127.0.0.1',
        LocalPort => 0,
        Type      => $option{tcp} ? SOCK_STREAM : SOCK_DGRAM,
        $option{tcp} ? (Listen => 5) : (),
    ) or croak "socket: $@";

    my $self = bless { port => $socket->sockport, owner => $$ }, $class;

    $self->{pid} = fork // croak "fork: $!";

    if (!$self->{pid}) {
        $option{tcp} ? _serve_tcp($socket, @{ $option{steps} })
                     : _serve_udp($socket, @{ $option{steps} });
        POSIX::_exit(0);
    }

    return $self;
}


sub _serve_udp ($socket, @steps) {
    while (defined(my $from = $socket->recv(my $request, 2000))) {
        my $step = @steps > 1 ? shift @steps : $steps[0];

        $socket->send($_, 0, $from) for $step->($request);
    }
}


sub _serve_tcp ($socket, @steps) {
    while (my $client = $socket->accept) {
        while ($client->sysread(my $request, 2000)) {
            my $step = @steps > 1 ? shift @steps : $steps[0];

            $client->syswrite($_) for $step->($request);
        }
    }
}


sub port ($self) { return $self->{port} }


# A response to the request: class 0x0100 success, 0x0110 failure.

sub message ($request, $class, @attributes) {
    my ($type, $tid) = unpack 'n x2 x4 a12', $request;
    my $body = join '', @attributes;

    return pack 'nnNa12 a*', $type | $class, length $body, 0x2112a442, $tid,
        $body;
}


sub attribute ($type, $value) {
    my $padded = $value . "\0" x (-length($value) % 4);

    return pack 'nn a*', $type, length $value, $padded;
}


sub failure ($request, $code, $reason, @attributes) {
    return message($request, 0x0110,
        attribute(0x0009, pack('nCC', 0, int $code / 100, $code % 100)
            . $reason), @attributes);
}


# "Who are you?"

sub challenge ($request, $code = 401) {
    return failure($request, $code, 'Unauthorized',
        attribute(0x0014, 'otter'), attribute(0x0015, 'nonce'));
}


sub DESTROY ($self) {
    local $?;

    return if !$self->{pid} || $self->{owner} != $$;

    kill KILL => $self->{pid};
    waitpid $self->{pid}, 0;
}


1;

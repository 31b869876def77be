package Otter::Relay;

# A client of a TURN server over UDP (RFC 8656): an allocation, and a channel
# from it to a socket of this process that sends everything back.
#
#     my $relay = Otter::Relay->allocate($port, $username, $password);
#     $relay->code;                    # 0, or why it was refused
#     $relay->transfer(1000, 500);     # packets of so many bytes, and back
#     $relay->release;

use v5.36;

use Digest::MD5 qw(md5);
use Digest::SHA qw(hmac_sha1);
use IO::Select;
use IO::Socket::IP;
use Otter::Timing qw(deadline remaining);
use Socket qw(AF_INET SOCK_DGRAM pack_sockaddr_in unpack_sockaddr_in);

my $COOKIE = 0x2112a442;

my %METHOD = (
    allocate => 0x003, refresh => 0x004, permission => 0x008,
    channel  => 0x009,
);

my %ATTRIBUTE = (
    channel   => 0x000c, lifetime => 0x000d, peer  => 0x0012,
    username  => 0x0006, realm    => 0x0014, nonce => 0x0015,
    integrity => 0x0008, error    => 0x0009, relayed => 0x0016,
    transport => 0x0019,
);


# A port may have been another client's, whose allocation lives on: then another
# one is to be tried (section 5).

sub allocate ($class, @server) {
    my $self;

    for (1 .. 5) {
        $self = $class->_allocate(@server);
        last if $self->code != 437;
    }

    return $self;
}


sub _allocate ($class, $port, $username, $password) {
    my $self = bless {
        username => $username,
        password => $password,
        socket   => IO::Socket::IP->new(PeerHost => '127.0.0.1',
            PeerPort => $port, Type => SOCK_DGRAM) || die "socket: $!",
    }, $class;

    my @udp    = (transport => pack 'Cx3', 17);
    my $answer = $self->_ask('allocate', @udp);

    $self->{realm} = $answer->{realm};
    $self->{nonce} = $answer->{nonce};

    $answer = $self->_ask('allocate', @udp) if $answer->{code} == 401;

    $self->{code} = $answer->{code};

    return $self;
}


# 0, a code of RFC 8656, or 999: no answer.

sub code ($self) { return $self->{code} }


# Packets over a channel to an echo and back; returns how many came back.

sub transfer ($self, $packets, $size) {
    my $echo = $self->{echo} //= $self->_open_channel;
    my $from = pack_sockaddr_in($self->{relayed}, pack 'C4', 127, 0, 0, 1);
    my $back = 0;

    for my $n (1 .. $packets) {
        $self->{socket}->syswrite(pack 'nna*', 0x4000, $size, 'x' x $size);

        next if !IO::Select->new($echo)->can_read(5)
            || !defined $echo->recv(my $data, 2000);

        $echo->send($data, 0, $from);

        $back++ if IO::Select->new($self->{socket})->can_read(5)
            && $self->{socket}->sysread(my $answer, 2000);
    }

    return $back;
}


sub release ($self) {
    return $self->_ask('refresh', lifetime => pack 'N', 0)->{code};
}


sub _open_channel ($self) {
    my $echo = IO::Socket::IP->new(LocalHost => '127.0.0.1',
        Type => SOCK_DGRAM) || die "socket: $!";
    my $peer = pack 'CCnN', 0, 1, $echo->sockport ^ ($COOKIE >> 16),
        0x7f000001 ^ $COOKIE;

    my $code = $self->_ask('channel', channel => (pack 'nn', 0x4000, 0),
        peer => $peer)->{code};

    die "no channel: $code" if $code;

    return $echo;
}


# A request and its answer; sent again like any datagram.

sub _ask ($self, $method, @attributes) {
    my $id      = pack 'N3', map { int rand 2**32 } 1 .. 3;
    my $request = $self->_request($method, $id, @attributes);

    for (1 .. 4) {
        my $deadline = deadline(1);

        $self->{socket}->syswrite($request);

        while (IO::Select->new($self->{socket})
            ->can_read(remaining($deadline)))
        {
            $self->{socket}->sysread(my $answer, 2000);

            return $self->_answer($answer)
                if substr($answer, 8, 12) eq $id;
        }
    }

    return { code => 999 };
}


sub _request ($self, $method, $id, @attributes) {
    push @attributes, username => $self->{username},
        realm => $self->{realm}, nonce => $self->{nonce}
        if defined $self->{realm};

    my $body = '';

    while (my ($name, $value) = splice @attributes, 0, 2) {
        $body .= pack 'nna*x!4', $ATTRIBUTE{$name}, length $value, $value;
    }

    my $signed = defined $self->{realm} ? 24 : 0;
    my $head   = pack 'nnNa12', $METHOD{$method}, $signed + length $body,
        $COOKIE, $id;

    return $head . $body if !$signed;

    my $key = md5(join ':', @$self{qw(username realm password)});

    return $head . $body . pack 'nna20', $ATTRIBUTE{integrity}, 20,
        hmac_sha1($head . $body, $key);
}


sub _answer ($self, $message) {
    my %name   = reverse %ATTRIBUTE;
    my %answer = (code => 0);

    for (my $at = 20; $at + 4 <= length $message; ) {
        my ($type, $size) = unpack 'nn', substr $message, $at, 4;

        $answer{ $name{$type} } = substr $message, $at + 4, $size
            if $name{$type};

        $at += 4 + ($size + 3 & ~3);
    }

    if (defined $answer{error}) {
        my ($class, $number) = unpack 'x2CC', $answer{error};

        $answer{code} = $class * 100 + $number;
    }

    $self->{relayed} = ($COOKIE >> 16) ^ unpack 'x2n', $answer{relayed}
        if defined $answer{relayed};

    return \%answer;
}


1;

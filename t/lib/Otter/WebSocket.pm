package Otter::WebSocket;

# A WebSocket client (RFC 6455) for tests: strict about what the server sends,
# and able to send anything at all, well-formed or not.

use v5.36;

use Carp qw(croak);
use Digest::SHA qw(sha1_base64);
use Encode ();
use Exporter 'import';
use MIME::Base64 qw(encode_base64);
use Otter::Deflate qw(deflate inflate);
use Otter::HTTP::Response;
use Otter::Socket;
use Otter::Timing qw(deadline remaining);
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep);

our @EXPORT_OK = qw(frame %OPCODE);

our %OPCODE = (
    continuation => 0,
    text         => 1,
    binary       => 2,
    close        => 8,
    ping         => 9,
    pong         => 10,
);

my %name_of = reverse %OPCODE;
my %alive;


# open(port => ..., token => ..., ...): sends the handshake and reads the
# answer.  A refusal is no failure: look at status and response.
#
#   path, protocols, origin      of the request
#   token                        as Authorization: Bearer
#   offer                        a token, as a browser sends it
#   headers => { Name => value } replaces a header; undef leaves it out, an
#                                array repeats it
#   method, version              of the request line
#   deflate                      what Sec-WebSocket-Extensions offers
#   with                         bytes sent in one write with the handshake
#   pace                         seconds between single bytes of the handshake
#   tls, receive_buffer          of the connection
#   later                        does not wait for the answer: call finish()

sub open ($class, %option) {
    my $self = bless {
        socket    => Otter::Socket->new(%option{qw(port tls receive_buffer)}),
        auto_pong => $option{auto_pong} // 1,
        method    => $option{method},
    }, $class;

    $self->{key} = encode_base64(join('', map { chr rand 256 } 1 .. 16), '');

    my $request = $self->handshake(%option) . ($option{with} // '');

    if ($option{pace}) {
        $self->send_slowly($request, 1, $option{pace});

    } else {
        $self->{socket}->send($request);
    }

    return $option{later} ? $self : $self->finish;
}


# True when the answer is here, or never will be.

sub is_answered ($self) {
    return $self->{socket}{in} =~ /\r\n\r\n/ || $self->{socket}->eof;
}


sub finish ($self) {
    $self->{response} = Otter::HTTP::Response->read($self->{socket},
        method => $self->{method})
        // croak 'no response to the handshake';

    if ($self->status == 101) {
        $self->_check_upgrade;
        weaken($alive{$self} = $self);
    }

    return $self;
}


sub handshake ($self, %option) {
    my @protocols = @{ $option{protocols} // ['otter.v1'] };

    push @protocols, "otter.bearer.$option{offer}" if $option{offer};

    my @headers = (
        Host                     => $option{host} // "127.0.0.1:$option{port}",
        Upgrade                  => 'websocket',
        Connection               => 'Upgrade',
        'Sec-WebSocket-Key'      => $self->{key},
        'Sec-WebSocket-Version'  => 13,
        'Sec-WebSocket-Protocol' => @protocols ? join(', ', @protocols) : undef,
        'Sec-WebSocket-Extensions' => $option{deflate},
        Origin                   => $option{origin},
        Authorization => defined $option{token} && "Bearer $option{token}",
    );

    my %other = %{ $option{headers} // {} };
    my @lines;

    while (my ($name, $value) = splice @headers, 0, 2) {
        $value = delete $other{$name} if exists $other{$name};
        push @lines, map { "$name: $_" } ref $value ? @$value : $value || ();
    }

    push @lines, map { "$_: $other{$_}" } sort keys %other;

    my $method  = $option{method}  // 'GET';
    my $version = $option{version} // '1.1';

    return join "\r\n", "$method $option{path} HTTP/$version", @lines, '', '';
}


sub _check_upgrade ($self) {
    my $response = $self->{response};
    my $accept   = sha1_base64(
        $self->{key} . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11') . '=';

    my %want = (
        'Upgrade'              => qr/^websocket$/i,
        'Connection'           => qr/^upgrade$/i,
        'Sec-WebSocket-Accept' => qr/^\Q$accept\E$/,
    );

    for my $name (sort keys %want) {
        my $value = $response->header($name) // '';

        $value =~ $want{$name} or croak "handshake answer has $name: $value";
    }

    my $extensions = $self->extensions // return;

    $extensions =~ /^permessage-deflate;/
        or croak "handshake answer has an extension: $extensions";

    $self->{window} = $extensions =~ /server_max_window_bits=(\d+)/ ? $1 : 15;
}


sub socket ($self)   { return $self->{socket} }
sub response ($self) { return $self->{response} }
sub status ($self)   { return $self->{response}->status }


sub protocol ($self) {
    return $self->{response}->header('Sec-WebSocket-Protocol');
}


# What was negotiated; undef: nothing.

sub extensions ($self) {
    return $self->{response}->header('Sec-WebSocket-Extensions');
}


# The bytes of one frame.  Options: opcode (a name or a number), payload, fin,
# rsv, mask (four bytes; 0 for an unmasked frame), length (declared, whatever
# the payload has), wide (16 or 64: the form of the length).

sub frame (%option) {
    my $opcode  = $option{opcode} // 'text';
    my $payload = $option{payload} // '';
    my $length  = $option{length} // length $payload;
    my $mask    = $option{mask} // pack 'N', int rand 2**32;
    my $wide    = $option{wide}
        // ($length > 65535 ? 64 : $length > 125 ? 16 : 7);

    my $first = ($option{fin} // 1) << 7 | ($option{rsv} // 0) << 4
        | ($OPCODE{$opcode} // $opcode);
    my $masked = $mask ? 0x80 : 0;

    my $head = pack 'C', $first;

    $head .= $wide == 7 ? pack 'C', $masked | $length
        : $wide == 16   ? pack 'Cn', $masked | 126, $length
        :                 pack 'CQ>', $masked | 127, $length;

    return $head . $payload if !$mask;

    my $key = $mask x (length($payload) / 4 + 1);

    return $head . $mask . ($payload ^. substr $key, 0, length $payload);
}


sub send_raw ($self, $bytes) {
    $self->{socket}->send($bytes);

    return $self;
}


# Sends the bytes in pieces of $size with a pause after each.

sub send_slowly ($self, $bytes, $size, $pause = 0.001) {
    while (length $bytes) {
        $self->{socket}->send(substr $bytes, 0, $size, '');
        sleep $pause;
    }

    return $self;
}


sub send_frame ($self, %option) {
    return $self->send_raw(frame(%option));
}


sub send_text ($self, $bytes) {
    return $self->send_frame(opcode => 'text', payload => $bytes);
}


sub send_binary ($self, $bytes) {
    return $self->send_frame(opcode => 'binary', payload => $bytes);
}


# Compressed (RFC 7692).

sub send_deflated ($self, $bytes, $opcode = 'text') {
    return $self->send_frame(opcode => $opcode, rsv => 4,
        payload => deflate($bytes));
}


# A text message in as many frames as there are parts.

sub send_fragments ($self, @parts) {
    for my $i (0 .. $#parts) {
        $self->send_frame(
            opcode  => $i ? 'continuation' : 'text',
            fin     => $i == $#parts || 0,
            payload => $parts[$i],
        );
    }

    return $self;
}


sub ping ($self, $payload = '') {
    return $self->send_frame(opcode => 'ping', payload => $payload);
}


sub pong ($self, $payload = '') {
    return $self->send_frame(opcode => 'pong', payload => $payload);
}


# Starts the closing handshake, or answers the server's.

sub send_close ($self, $code = undef, $reason = '') {
    $self->{close_sent} = 1;

    return $self->send_frame(
        opcode  => 'close',
        payload => defined $code ? pack('n', $code) . $reason : '',
    );
}


# The next frame of the server: { opcode, fin, payload }; undef when none
# comes in time.  At the end of the stream opcode is "eof".

sub next_frame ($self, $timeout = 5) {
    my $socket = $self->{socket};
    my $frame  = $socket->wait_for($timeout, \&_parse_frame);

    $self->_check_rsv($frame) if $frame;

    return $frame || $socket->eof && { opcode => 'eof' } || undef;
}


sub _parse_frame ($in) {
    return if length $$in < 2;

    my ($first, $length) = unpack 'CC', $$in;
    my $start = 2;

    croak sprintf 'the server set RSV bits in %02x', $first if $first & 0x30;
    croak 'the server masked a frame' if $length & 0x80;

    if ($length == 126) {
        return if length $$in < 4;
        $length = unpack 'x2n', $$in;
        $start  = 4;
        croak 'the length is not in its shortest form' if $length < 126;

    } elsif ($length == 127) {
        return if length $$in < 10;
        $length = unpack 'x2Q>', $$in;
        $start  = 10;
        croak 'the length is not in its shortest form' if $length < 65536;
    }

    return if length $$in < $start + $length;

    my $opcode = $name_of{ $first & 0x0f }
        // croak sprintf 'the server sent an unknown opcode: %02x', $first;

    croak "the server sent an oversized $opcode"
        if $first & 0x08 && $length > 125;

    my $payload = substr $$in, $start, $length;

    substr $$in, 0, $start + $length, '';

    return {
        opcode  => $opcode,
        fin     => $first >> 7,
        rsv1    => $first >> 6 & 1,
        payload => $payload,
    };
}


sub _check_rsv ($self, $frame) {
    croak 'the server compressed what it may not'
        if $frame->{rsv1}
            && (!$self->{window} || $frame->{opcode} !~ /^(?:text|binary)$/);
}


# The next message or control frame: { type, data }, with code and reason for
# a close.  Pings are answered, and passed over unless auto_pong is 0.

sub next_event ($self, $timeout = 5) {
    my $deadline = deadline($timeout);

    while (my $frame = $self->_next_until($deadline)) {
        my $event = $self->_event($frame) // next;

        return $event;
    }

    return;
}


# The next event, of what has arrived already.

sub pending_event ($self) {
    while (my $frame = _parse_frame(\$self->{socket}{in})) {
        my $event = $self->_event($frame) // next;

        return $event;
    }

    return;
}


sub _next_until ($self, $deadline) {
    my $socket = $self->{socket};

    while (1) {
        my $frame = _parse_frame(\$socket->{in});

        return $frame               if $frame;
        return { opcode => 'eof' }  if $socket->eof;
        return                      if !remaining($deadline);

        Otter::Socket->poll(remaining($deadline), $socket);
    }
}


sub _event ($self, $frame) {
    my $opcode = $frame->{opcode};

    $self->_check_rsv($frame);

    if ($opcode eq 'text' || $opcode eq 'binary' || $opcode eq 'continuation') {
        return $self->_data($frame);
    }

    if ($opcode eq 'ping' && $self->{auto_pong}) {
        $self->pong($frame->{payload});
        return;
    }

    if ($opcode eq 'close') {
        return $self->_close_event($frame->{payload});
    }

    return { type => $opcode, data => $frame->{payload} };
}


sub _data ($self, $frame) {
    my $starts = $frame->{opcode} ne 'continuation';

    croak 'the server broke a fragmented message' if $starts xor !$self->{part};

    $self->{part} //= { type => $frame->{opcode}, data => '',
        deflated => $frame->{rsv1} };
    $self->{part}{data} .= $frame->{payload};

    return if !$frame->{fin};

    my $event = delete $self->{part};

    $event->{data} = inflate($event->{data}, $self->{window})
        if $event->{deflated};

    _check_utf8($event->{data}) if $event->{type} eq 'text';

    return $event;
}


sub _close_event ($self, $payload) {
    croak 'the server sent a close of one byte' if length $payload == 1;

    my ($code, $reason) = length $payload ? unpack 'na*', $payload : ();

    _check_utf8($reason // '');
    $self->send_close($code // ()) if !$self->{close_sent};

    return { type => 'close', code => $code, reason => $reason };
}


sub _check_utf8 ($bytes) {
    my $copy = $bytes;

    eval { Encode::decode('UTF-8', $copy, Encode::FB_CROAK); 1 }
        or croak 'the server sent a text that is not UTF-8';
}


# The data of the next message; croaks when anything else comes.

sub next_message ($self, $timeout = 5) {
    my $event = $self->next_event($timeout) // croak 'no message in time';

    return $event->{data} if $event->{type} =~ /^(?:text|binary)$/;

    croak "a message was due, but there came $event->{type} "
        . ($event->{code} // '');
}


# Passes over messages until the server closes, and checks that the stream
# ends then.  Returns the close code; 1006 when the stream ends without one.

sub close_code ($self, $timeout = 5) {
    my $code = 1006;

    while (my $event = $self->next_event($timeout)) {
        return $code if $event->{type} eq 'eof';

        if ($event->{type} eq 'close') {
            $code = $event->{code} // 1005;
            $self->{close_reason} = $event->{reason};
        }
    }

    return 'still open';
}


sub close_reason ($self) { return $self->{close_reason} }


# Cuts the connection without a closing handshake.

sub drop ($self) {
    $self->{socket}->close;
}


sub drop_all ($class) {
    $_->drop for grep { defined } values %alive;
    %alive = ();
}


sub DESTROY ($self) {
    delete $alive{$self};
}


1;

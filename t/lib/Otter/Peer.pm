package Otter::Peer;

# A member of a room: joins, sends, and checks that every message it gets has
# the next sequence number.

use v5.36;

use Carp qw(croak);
use Otter::JSON qw(from_json to_json);
use Otter::Socket;
use Otter::Timing qw(deadline remaining);
use Otter::Token qw(mint);
use Test::More ();


# enter($nginx, $identity, room => ..., claims => {...}, ...): joins with a
# token of nginx's first key.  What else is given goes to Otter::WebSocket.

sub enter ($class, $nginx, $identity, %option) {
    my $self = $class->knock($nginx, $identity, %option);

    croak "$identity may not join: " . $self->{ws}->response->body
        if $self->{ws}->status != 101;

    $self->{welcome} = $self->expect('welcome');
    $self->{secret}  = $self->{welcome}{resume};

    return $self;
}


# The handshake alone, which may be refused.

sub knock ($class, $nginx, $identity, %option) {
    my $room   = delete $option{room}   // 'den';
    my $claims = delete $option{claims} // {};
    my $token  = delete $option{token}
        // mint($nginx->key, sub => $identity, room => $room, %$claims);

    my $self = bless {
        nginx    => $nginx,
        identity => $identity,
        token    => $token,
        options  => \%option,
        seq      => 0,
    }, $class;

    $self->{ws} = $nginx->websocket(token => $token, %option);

    return $self;
}


# Joins a room with a lobby, where it waits.

sub wait ($class, $nginx, $identity, %option) {
    my $self = $class->knock($nginx, $identity, %option);

    croak "$identity may not wait: " . $self->{ws}->response->body
        if $self->{ws}->status != 101;

    return $self->waits($self->{ws});
}


# Goes on with a connection on which it still waits.

sub waits ($self, $ws) {
    $self->{ws}     = $ws;
    $self->{lobby}  = $self->expect('lobby');
    $self->{secret} = $self->{lobby}{resume};

    return $self;
}


# Is let in: admitted, and then the welcome.

sub is_let_in ($self) {
    $self->expect('admitted');
    $self->{welcome} = $self->expect('welcome');
    $self->{secret}  = $self->{welcome}{resume};

    return $self;
}


# Comes back with the resume secret; the first message is the welcome.

sub resume ($self, %option) {
    my $ws = $self->try_resume(%option);

    croak "$self->{identity} may not resume: " . $ws->response->body
        if $ws->status != 101;

    $self->{seq} = $option{seq} if defined $option{seq};

    return $self->resumed($ws);
}


# Goes on with a connection that try_resume opened.

sub resumed ($self, $ws) {
    $self->{ws}      = $ws;
    $self->{welcome} = $self->expect('welcome');
    $self->{secret}  = $self->{welcome}{resume};

    return $self;
}


# The handshake of a resume alone.  Options: secret, seq, token; at, which of
# several hosts; later, as Otter::WebSocket has it.

sub try_resume ($self, %option) {
    my $secret = $option{secret} // $self->{secret};
    my $seq    = $option{seq}    // $self->{seq};

    $secret =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;

    return $self->{nginx}->websocket(
        token => $option{token} // $self->{token},
        %{ $self->{options} },
        map({ exists $option{$_} ? ($_ => $option{$_}) : () } qw(at later)),
        path => "/otter/ws?resume=$secret&seq=$seq",
    );
}


sub ws ($self)       { return $self->{ws} }
sub seq ($self)      { return $self->{seq} }
sub token ($self)    { return $self->{token} }
sub secret ($self)   { return $self->{secret} }
sub welcome ($self)  { return $self->{welcome} }
sub lobby ($self)    { return $self->{lobby} }
sub id ($self)       { return ($self->{welcome} // $self->{lobby})->{self}{id} }
sub identity ($self) { return $self->{identity} }


# The text of the message returned last, as it came.

sub text ($self) { return $self->{text} }


# A text, sent as it is; a value, as JSON.

sub send ($self, $message) {
    $self->{ws}->send_text(ref $message ? to_json($message) : $message);

    return $self;
}


sub signal ($self, $to, $data, %more) {
    return $self->send({ type => 'signal', to => ref $to ? $to->id : $to,
        data => $data, %more });
}


sub message ($self, $data, %more) {
    return $self->send({ type => 'message', data => $data, %more });
}


# The next message of the server; croaks when none comes.

sub next ($self, $timeout = 5) {
    my $event = $self->{ws}->next_event($timeout)
        // croak "$self->{identity}: no message in time";

    return $self->take($event);
}


# The message of a text event, its number checked.

sub take ($self, $event) {
    croak "$self->{identity}: $event->{type} instead of a message "
        . ($event->{code} // '') if $event->{type} ne 'text';

    $self->{text} = $event->{data};

    my $message = from_json($event->{data});

    croak "$self->{identity}: after seq $self->{seq} comes $self->{text}"
        if $message->{seq} != $self->{seq} + 1;

    $self->{seq} = $message->{seq};

    return $message;
}


# The next message, which must be of that type.

sub expect ($self, $type, $timeout = 5) {
    my $message = $self->next($timeout);

    croak "$self->{identity}: expected $type, got $self->{text}"
        if $message->{type} ne $type;

    return $message;
}


# The next message of that type, whatever comes before it; undef after the
# timeout.

sub comes ($self, $type, $timeout = 20) {
    my $deadline = deadline($timeout);

    while (my $event = $self->{ws}->next_event(remaining($deadline))) {
        my $message = $self->take($event);

        return $message if $message->{type} eq $type;
    }

    return;
}


# The messages that are here by now, without waiting for more.

sub pending ($self) {
    my @messages;

    Otter::Socket->poll(0, $self->{ws}->socket);

    while (my $event = $self->{ws}->pending_event) {
        push @messages, $self->take($event);
    }

    return @messages;
}


# Reads for all the peers, until the condition holds; false after the timeout.

sub gather ($class, $timeout, $condition, @peers) {
    my $deadline = deadline($timeout);

    while (!$condition->()) {
        return 0 if !remaining($deadline);

        Otter::Socket->poll(0.05, map { $_->{ws}->socket } @peers);
    }

    return 1;
}


# True when nothing has come until now: asks the server something that is
# answered in order.

sub is_quiet ($self) {
    my $ref = "quiet-" . ++$self->{fences};

    $self->signal('nobody-has-this-id', undef, ref => $ref);

    my $answer = $self->next;

    return 1 if $answer->{type} eq 'error' && ($answer->{ref} // '') eq $ref;

    Test::More::diag("$self->{identity} got $self->{text}");
    $self->next;

    return 0;
}


# The code of the close that ends the connection; messages before it are kept
# in last_messages.

sub close_code ($self, $timeout = 5) {
    my $deadline = deadline($timeout);

    $self->{last} = [];

    while (my $event = $self->{ws}->next_event(remaining($deadline))) {
        return 1006 if $event->{type} eq 'eof';

        if ($event->{type} eq 'close') {
            return "$event->{code}, but the connection stays open"
                if !$self->{ws}->socket->ends(3);
            return $event->{code} // 1005;
        }

        push @{ $self->{last} }, $self->take($event)
            if $event->{type} eq 'text';
    }

    return 'still open';
}


sub last_messages ($self) { return @{ $self->{last} } }


sub leave ($self) {
    $self->send({ type => 'leave' });

    return $self->close_code;
}


sub drop ($self) {
    $self->{ws}->drop;

    return $self;
}


1;

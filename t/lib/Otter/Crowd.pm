package Otter::Crowd;

# Many peers in many rooms that send each other numbered signals and messages
# all the time, come back whenever their sockets close, and account for every
# number: once, in order, none missing.

use v5.36;

use Otter::JSON qw(to_json);
use Otter::Peer;
use Otter::Socket;
use Otter::Timing qw(deadline remaining);
use Time::HiRes qw(sleep time);


# gather($nginx, rooms => 10, size => 4)

sub gather ($class, $nginx, %option) {
    my $self = bless {
        nginx   => $nginx,
        members => [],
        faults  => [],
        count   => { map { $_ => 0 } qw(sent received resumed rejoined) },
    }, $class;

    for my $room (1 .. $option{rooms}) {
        my @mates = map { $self->_member("room-$room", "$room-$_") }
            1 .. $option{size};

        $_->{mates} = \@mates for @mates;
        push @{ $self->{members} }, @mates;
    }

    return $self;
}


# A member has a peer (its connection), what it sent, and for every sender and
# kind the number it heard last.  After "loose" was set, numbers it sends or
# hears may be missing, but still no number comes twice or out of order.

sub _member ($self, $room, $identity) {
    return {
        peer => Otter::Peer->enter($self->{nginx}, $identity, room => $room),
        room => $room,
        sent => [],
        next => {},
        last => {},
    };
}


sub count ($self)   { return $self->{count} }
sub faults ($self)  { return @{ $self->{faults} } }
sub members ($self) { return @{ $self->{members} } }


sub _fault ($self, $member, $what) {
    push @{ $self->{faults} }, $member->{peer}->identity . ": $what";
}


# How many members each worker serves.

sub spread ($self) {
    my %on;

    $on{ $self->{nginx}->worker_of($_->{peer}->ws->socket) }++
        for grep { !$_->{closed} } $self->members;

    return %on;
}


# Everyone sends one signal to each mate in turn, and now and then a message
# to the room; at a steady pace, so that it takes the time that is given.

sub talk ($self, $rounds, $pause = 0.02) {
    for my $round (1 .. $rounds) {
        for my $member (grep { !$_->{closed} } $self->members) {
            my @mates = grep { $_ != $member } @{ $member->{mates} };

            $self->_send($member, signal => $mates[$round % @mates]);
            $self->_send($member, 'message') if $round % 4 == 0;
        }

        $self->listen($pause);
    }
}


# Numbers are counted for each receiver, and for the room.

sub _send ($self, $member, $kind, $to = undef) {
    my $stream = $to ? $to->{peer}->id : 'room';
    my $number = ++$member->{next}{$stream};
    my $text   = to_json({
        type => $kind,
        data => { n => $number, kind => $kind },
        $to ? (to => $to->{peer}->id) : (),
    });

    push @{ $member->{sent} }, $text;
    $member->{peer}->send($text);
    $self->{count}{sent}++;
}


# Reads what there is for that long, and brings back whose time has come.

sub listen ($self, $seconds) {
    my $deadline = time + $seconds;

    do {
        Otter::Socket->poll($deadline > time ? $deadline - time : 0,
            map { $_->{peer}->ws->socket }
            grep { !$_->{closed} } $self->members);

        $self->_hear($_) for grep { !$_->{closed} } $self->members;

        $self->_return($_)
            for grep { $_->{closed} && $_->{closed} <= time } $self->members;

    } while (time < $deadline);
}


sub _hear ($self, $member) {
    my $peer = $member->{peer};

    while (my $event = $peer->ws->pending_event) {
        if ($event->{type} eq 'close') {
            return $self->_closed($member, $event->{code});
        }

        $self->_message($member, $peer->take($event));
    }

    $self->_closed($member, 1006) if $peer->ws->socket->eof;
}


sub _message ($self, $member, $message) {
    my $type = $message->{type};

    return $self->_number($member, $message)
        if $type eq 'signal' || $type eq 'message';

    if ($type eq 'bye') {
        $member->{wait} = ($message->{retry_after_ms} // 0) / 1000;

    } elsif ($type eq 'resync') {
        $self->_fault($member, 'resync') if !$member->{loose};

    } elsif ($type eq 'error' && !$self->{loose}) {
        $self->_fault($member, $member->{peer}->text);
    }
}


sub _number ($self, $member, $message) {
    my ($from, $data) = @$message{qw(from data)};
    my $last = $member->{last}{"$data->{kind} $from"} // 0;
    my $ok   = $self->{loose}{$from} || $member->{loose}
        ? $data->{n} > $last : $data->{n} == $last + 1;

    $self->_fault($member, "$data->{kind} $data->{n} of $from after $last")
        if !$ok;

    $member->{last}{"$data->{kind} $from"} = $data->{n};
    $self->{count}{received}++;
}


sub _closed ($self, $member, $code) {
    $member->{peer}->drop;
    $member->{closed} = time + (delete $member->{wait} // 0.05);
    $self->{closes}{$code}++;
}


sub closes ($self) { return $self->{closes} // {} }


# Resumes, and sends again what the server has not taken; rejoins when the
# session is lost.

sub _return ($self, $member) {
    my $peer = $member->{peer};
    my $ws   = $peer->try_resume;

    delete $member->{closed};

    if ($ws->status != 101) {
        return $self->_rejoin($member, $ws->response->body);
    }

    $peer->resumed($ws);
    $self->{count}{resumed}++;

    my $taken = $peer->welcome->{received};

    return if !defined $taken;

    $peer->send($_) for @{ $member->{sent} }[$taken .. $#{ $member->{sent} }];
}


# Allowed only to those whose worker was killed.

sub _rejoin ($self, $member, $why) {
    my $old = $member->{peer};

    $self->_fault($member, "lost its session: $why") if !$member->{loose};

    $member->{peer} = Otter::Peer->enter($self->{nginx}, $old->identity,
        room => $member->{room});
    $member->{sent} = [];

    $self->{loose}{ $member->{peer}->id } = 1;
    $self->{count}{rejoined}++;
}


# The members on that worker may lose messages from now on.

sub loosen ($self, $worker) {
    for my $member (grep { !$_->{closed} } $self->members) {
        next if $self->{nginx}->worker_of($member->{peer}->ws->socket)
            != $worker;

        $member->{loose} = 1;
        $self->{loose}{ $member->{peer}->id } = 1;
    }

    return scalar grep { $_->{loose} } $self->members;
}


# Waits until everyone is back and has heard everything; the faults are then
# complete.

sub settle ($self, $seconds) {
    my $deadline = deadline($seconds);

    while (remaining($deadline)) {
        return 1 if !$self->_missing && !grep { $_->{closed} } $self->members;

        $self->listen(0.05);
    }

    $self->_fault(@$_) for $self->_missing;
    $self->_fault($_, 'is not back') for grep { $_->{closed} } $self->members;

    return 0;
}


sub _missing ($self) {
    my @missing;

    for my $to (grep { !$_->{loose} } $self->members) {
        for my $from (grep { $_ != $to && !$_->{loose} } @{ $to->{mates} }) {
            my $id  = $from->{peer}->id;
            my %due = (
                signal  => $from->{next}{ $to->{peer}->id } // 0,
                message => $from->{next}{room} // 0,
            );

            for my $kind (grep { $due{$_} } sort keys %due) {
                my $last = $to->{last}{"$kind $id"} // 0;

                push @missing, [$to, "heard $kind $last of $due{$kind} of $id"]
                    if $last != $due{$kind};
            }
        }
    }

    return @missing;
}


# Ends every connection properly.

sub disperse ($self) {
    return map { $_->{peer}->leave } $self->members;
}


1;

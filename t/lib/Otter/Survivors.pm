package Otter::Survivors;

# A crowd that comes back from anything: resumes at whichever host there is,
# joins anew where its session is lost, and has a ledger of every number.  As
# clients do, they all come back at the same time.

use v5.36;

use parent 'Otter::Crowd';

use Otter::JSON qw(from_json);
use Otter::Ledger;
use Otter::Peer;
use Otter::Socket;
use Otter::Timing qw(deadline remaining);
use Time::HiRes qw(sleep time);

# Seconds after each failed attempt to come back.
my @LADDER = (0, 0.3, 1.2, 2.7, 4.8, 7);


sub gather ($class, $hosts, %option) {
    my $self = $class->SUPER::gather($hosts, %option);

    $self->{ledger} = Otter::Ledger->new;

    # All know of all before the first number.
    my $deadline = deadline(10);

    while (grep { keys %{ $_->{known} } < @{ $_->{mates} } - 1 }
        $self->members)
    {
        die "not everybody has met\n" if !remaining($deadline);
        $self->listen(0.05);
    }

    return $self;
}


# Besides what any member of a crowd has: whom it has ever known in this
# session, whom it sees now, and since when it is without a socket.

sub _member ($self, $room, $identity) {
    my $member = $self->SUPER::_member($room, $identity);

    $self->_sees($member, $member->{peer}->welcome);

    return $member;
}


# The roster of a welcome or a resync.

sub _sees ($self, $member, $snapshot) {
    $member->{sees} = { map { $_->{id} => 1 } @{ $snapshot->{peers} } };
    $member->{known}{$_} = 1 for keys %{ $member->{sees} };
}


sub ledger ($self) { return $self->{ledger} }


# A signal is due to its receiver; a message, to those whom the sender knows
# to be in the room.

sub _send ($self, $member, $kind, $to = undef) {
    my $id     = $member->{peer}->id;
    my $stream = $to ? $to->{peer}->id : 'room';
    my $n      = ++$member->{next}{$stream};
    my $target = $to ? qq("to":"$stream",) : '';
    my $text   = qq({"type":"$kind",$target"ref":"$kind $n")
        . qq(,"data":{"n":$n,"kind":"$kind"}});

    my @due = $to ? $stream : grep { $member->{known}{$_} }
        map { $_->{peer}->id } grep { $_ != $member } @{ $member->{mates} };

    # The server tells no two receivers of signals apart by that number.
    $text =~ s/"ref":"signal \d+/"ref":"signal $stream $n/ if $to;

    push @{ $member->{sent} }, $text;
    $self->{ledger}->sent($id, $kind, $n, @due);
    $member->{peer}->send($text);
    $self->{count}{sent}++;
}


# Reads what there is for that long, and goes on with those who come back.

sub listen ($self, $seconds) {
    my $deadline = time + $seconds;

    do {
        my $left = $deadline - time;

        Otter::Socket->poll($left > 0.01 ? 0.01 : $left > 0 ? $left : 0,
            map { ($_->{opening} // $_->{peer}->ws)->socket }
            grep { $_->{opening} || !$_->{closed} } $self->members);

        $self->_serve($_) for $self->members;
    } while (time < $deadline);
}


sub _serve ($self, $member) {
    my $opening = $member->{opening};

    if ($opening) {
        $self->_opened($member)
            if $opening->is_answered || $member->{until} <= time;

    } elsif (!$member->{closed}) {
        eval { $self->_hear($member); 1 } or do {
            $self->_fault($member, "$@: " . $member->{peer}->text);
            $self->_remember($member, $member->{peer}->text);
            $self->{suspects}{ $member->{peer}->id } = 1;
            $self->_closed($member, 'of this client');
        };

    } elsif ($member->{closed} <= time) {
        $self->_return($member);
    }
}


sub _message ($self, $member, $message) {
    my $type = $message->{type};
    my $peer = $message->{peer};

    return $self->_number($member, $message)
        if $type eq 'signal' || $type eq 'message';

    $self->_remember($member, $member->{peer}->text) if $type ne 'error';

    if ($type eq 'peer-joined') {
        $member->{sees}{ $peer->{id} } = $member->{known}{ $peer->{id} } = 1;

    } elsif ($type eq 'peer-left') {
        delete $member->{sees}{$peer};
        push @{ $self->{departed} }, [$peer, $message->{reason}];

    } elsif ($type eq 'resync') {
        $self->_sees($member, $message);
        $self->{ledger}->told($member->{peer}->id, 'resync');
        $self->{count}{resyncs}++;

    } elsif ($type eq 'bye') {
        $member->{wait} = ($message->{retry_after_ms} // 0) / 1000;

    } elsif ($type eq 'error') {
        $self->_error($member, $message);
    }
}


# What has happened to each, for when something is lost.

sub _remember ($self, $member, $what) {
    push @{ $self->{history}{ $member->{peer}->id } },
        sprintf '%.3f %s', time, substr $what, 0, 90;
}


sub history ($self, $id) { return @{ $self->{history}{$id} // [] } }


sub suspects ($self) { return sort keys %{ $self->{suspects} // {} } }


sub _number ($self, $member, $message) {
    my ($from, $to) = ($message->{from}, $member->{peer}->id);
    my $sent = $self->{ledger}->heard($to, $from,
        $message->{data}{kind}, $message->{data}{n}) // return;

    $self->{count}{received}++;
    $self->{exchanged}{"$from $to"} //= time
        if $self->{since} && $sent >= $self->{since};
}


sub _error ($self, $member, $message) {
    my ($kind, $to, $n) = ($message->{ref} // '')
        =~ /^(signal|message) (?:(\S+) )?(\d+)$/
        or return $self->_fault($member, $member->{peer}->text);

    $self->{errors}{ $message->{code} }++;
    $self->{ledger}->refused($member->{peer}->id, $kind, $n, $to);
}


sub errors ($self) { return $self->{errors} // {} }


sub _closed ($self, $member, $code) {
    $member->{peer}->drop;
    $member->{lost}   //= time;
    $member->{tries}    = 0;
    $member->{closed}   = time + (delete $member->{wait} // 0);
    $self->{closes}{ $code // 1005 }++;
    $self->_remember($member, 'closed ' . ($code // ''));
}


# Everyone sends, at a steady pace, for that long.

sub talk ($self, $seconds, $pause = 0.05) {
    my $deadline = time + $seconds;

    while (time < $deadline) {
        my $round = ++$self->{round};
        my $next  = time + $pause;

        for my $member (grep { !$_->{closed} } $self->members) {
            my @mates = grep { $_ != $member } @{ $member->{mates} };

            $self->_send($member, signal => $mates[$round % @mates]);
            $self->_send($member, 'message') if $round % 4 == 0;
        }

        do { $self->listen(0.01) } while (time < $next);
    }
}


# Asks to resume, where the load balancer leads to.

sub _return ($self, $member) {
    my $ws = eval {
        $member->{anew} ? Otter::Peer->knock($self->{nginx},
            $member->{peer}->identity, room => $member->{room}, later => 1)
            : $member->{peer}->try_resume(later => 1);
    } // return $self->_again($member);

    $member->{until}   = deadline(10);
    $member->{opening} = $member->{anew} ? $ws->ws : $ws;
    $member->{knocker} = $ws if $member->{anew};
}


sub _again ($self, $member) {
    my $tries = ++$member->{tries};

    $member->{closed} = time + ($LADDER[$tries] // $LADDER[-1]) * (0.5 + rand);
}


sub _opened ($self, $member) {
    my $ws     = delete $member->{opening};
    my $status = eval { $ws->is_answered && $ws->finish->status } || 0;

    if ($status == 101) {
        return $member->{anew} ? $self->_joined($member)
            : $self->_resumed($member, $ws);
    }

    $ws->drop;

    # The session is lost.
    if ($status == 401 && !$member->{anew}) {
        $member->{anew} = 1;
        $member->{closed} = time;
        return;
    }

    $self->{refusals}{ $status || 'no answer' }++;
    $self->_again($member);
}


sub refusals ($self) { return $self->{refusals} // {} }


# Sends again what the server has not taken.

sub _resumed ($self, $member, $ws) {
    my $peer = $member->{peer};
    my $lost = $member->{lost};

    eval { $peer->resumed($ws); 1 } or do {
        $self->_fault($member, "no welcome after a resume: $@");
        return $self->_again($member);
    };

    delete @$member{qw(closed lost)};
    $self->_remember($member, 'resumed');
    $self->{count}{resumed}++;
    $self->{ledger}->resumed($peer->id);

    $self->_sees($member, $peer->welcome);

    my $taken = $peer->welcome->{received};

    # A server that does not know counts anew.
    if (!defined $taken) {
        $member->{sent} = [];
        return $self->{ledger}->doubted($peer->id, $lost);
    }

    $peer->send($_) for @{ $member->{sent} }[$taken .. $#{ $member->{sent} }];
}


# With a new session: whatever was for the old one, or came from it, may be
# missing.

sub _joined ($self, $member) {
    my $old  = $member->{peer};
    my $peer = delete $member->{knocker};

    eval { $peer->resumed($peer->ws); 1 } or do {
        $self->_fault($member, "no welcome after a join: $@");
        return $self->_again($member);
    };

    $self->{ledger}->told($old->id, 'session');
    $self->{ledger}->doubted($old->id, $member->{lost});
    $self->{count}{rejoined}++;

    delete @$member{qw(closed lost anew known)};
    @$member{qw(peer sent next)} = ($peer, [], {});
    $self->_sees($member, $peer->welcome);
}


# Those who stay away, and why the others do not see each other as they are.

sub estranged ($self) {
    my @faults = map { $_->{peer}->identity . ' is not back' }
        grep { $_->{closed} } $self->members;

    for my $member ($self->members) {
        my %here = map { $_->{peer}->id => $_->{peer}->identity }
            grep { $_ != $member } @{ $member->{mates} };
        my $name = $member->{peer}->identity;

        push @faults, "$name does not see $here{$_}"
            for grep { !$member->{sees}{$_} } keys %here;
        push @faults, "$name sees $_, who is gone"
            for grep { !$here{$_} } keys %{ $member->{sees} };
    }

    return sort @faults;
}


# Sessions of which it was told that they had left, though they had not.

sub buried ($self) {
    my %alive = map { $_->{peer}->id => $_->{peer}->identity } $self->members;
    my %times;

    $times{"$alive{ $_->[0] } left: $_->[1]"}++
        for grep { $alive{ $_->[0] } } @{ $self->{departed} // [] };

    return map { "$_, as $times{$_} heard" } sort keys %times;
}


# Waits until everyone is back, and everything was heard or told.

sub settle ($self, $seconds) {
    my $deadline = deadline($seconds);

    while (remaining($deadline)) {
        my @faults = $self->estranged;

        return 1 if !@faults && !$self->{ledger}->outstanding;

        $self->listen(0.2);
    }

    return 0;
}


# From now on it is noted when each hears from each.

sub watch ($self) {
    $self->{since}     = time;
    $self->{exchanged} = {};
}


# When the last of all pairs had exchanged something; undef while one has not.

sub reunited ($self) {
    my $latest = $self->{since};

    for my $to ($self->members) {
        for my $from (grep { $_ != $to } @{ $to->{mates} }) {
            my $when = $self->{exchanged}{
                $from->{peer}->id . ' ' . $to->{peer}->id } // return;

            $latest = $when if $when > $latest;
        }
    }

    return $latest;
}


1;

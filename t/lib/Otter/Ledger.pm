package Otter::Ledger;

# Accounts for every number: who was to hear it, who heard it, who was told
# that it may be missing.
#
# A stream is what one session sends to another, of one kind.  A number that
# is due in it has been heard, or is outstanding until somebody is told: its
# receiver, by a resync or a session anew; its sender, by an error about it,
# or when its own session ends or goes on without a word about what the server
# had taken.

use v5.36;

use Otter::Timing qw(patience);
use Time::HiRes qw(time);

# How long a server may take to read what was sent to it.
my $READING = 3;


sub new ($class) {
    return bless {
        count   => { map { $_ => 0 } qw(sent due heard replayed resync session
            error doubt duplicates disorder) },
        due     => {},
        told    => {},
        heard   => {},
        last    => {},
        resumed => {},
        faults  => [],
    }, $class;
}


sub count ($self)  { return $self->{count} }
sub faults ($self) { return @{ $self->{faults} } }


# Number $n of that kind was sent; it is due to those receivers.

sub sent ($self, $from, $kind, $n, @to) {
    my $now = time;

    $self->{count}{sent}++;
    $self->{count}{due} += @to;
    $self->{due}{$_}{"$kind $from"}{$n} = $now for @to;
}


# Returns when the number was sent, if it was due.

sub heard ($self, $to, $from, $kind, $n) {
    my $stream = "$kind $from";
    my $last   = $self->{last}{$to}{$stream} // 0;
    my $when   = delete $self->{due}{$to}{$stream}{$n}
        // delete $self->{told}{$to}{$stream}{$n};

    if ($self->{heard}{$to}{$stream}{$n}++) {
        return $self->_fault(duplicates => "$to heard $stream $n twice");
    }

    $self->_fault(disorder => "$to heard $stream $n after $last")
        if $n < $last;

    $self->{last}{$to}{$stream} = $n;

    return if !$when;

    $self->{count}{heard}++;
    $self->{count}{replayed}++ if $when < ($self->{resumed}{$to} // 0);

    return $when;
}


sub _fault ($self, $kind, $what) {
    $self->{count}{$kind}++;
    push @{ $self->{faults} }, $what;
}


# The receiver goes on, on another socket: what it hears now that was sent
# before is a replay.

sub resumed ($self, $to) {
    $self->{resumed}{$to} = time;
}


# The receiver knows that anything sent until now may be missing: why is
# "resync" or "session".

sub told ($self, $to, $why) {
    for my $stream (keys %{ $self->{due}{$to} }) {
        $self->_tell($to, $stream, $why,
            keys %{ $self->{due}{$to}{$stream} });
    }
}


# The sender knows about this number, which was for one receiver or for all.

sub refused ($self, $from, $kind, $n, $only) {
    for my $to ($only // keys %{ $self->{due} }) {
        $self->_tell($to, "$kind $from", 'error', $n)
            if $self->{due}{$to}{"$kind $from"}{$n};
    }
}


# The sender's socket ended then, and nobody knows what was still read of it.

sub doubted ($self, $from, $when) {
    for my $to (keys %{ $self->{due} }) {
        for my $stream (grep { / \Q$from\E$/ } keys %{ $self->{due}{$to} }) {
            my $due = $self->{due}{$to}{$stream};

            $self->_tell($to, $stream, 'doubt',
                grep { $due->{$_} > $when - patience($READING) } keys %$due);
        }
    }
}


sub _tell ($self, $to, $stream, $why, @numbers) {
    for my $n (@numbers) {
        $self->{told}{$to}{$stream}{$n}
            = delete $self->{due}{$to}{$stream}{$n};
        $self->{why}{$to}{$stream}{$n} = $why;
    }
}


# What is due still: a line each.

sub outstanding ($self) {
    my @lines;

    for my $to (sort keys %{ $self->{due} }) {
        for my $stream (sort keys %{ $self->{due}{$to} }) {
            my $due = $self->{due}{$to}{$stream};
            my @n   = sort { $a <=> $b } keys %$due or next;

            push @lines, sprintf '%s did not hear %s %s, sent %.3f to %.3f',
                $to, $stream, _ranges(@n), @$due{ @n[0, -1] };
        }
    }

    return @lines;
}


# Whom something is lost between.

sub losers ($self) {
    my %loser;

    for my $to (keys %{ $self->{due} }) {
        for my $stream (keys %{ $self->{due}{$to} }) {
            @loser{ $to, $stream =~ /(\S+)$/ } = (1) x 2
                if %{ $self->{due}{$to}{$stream} };
        }
    }

    return sort keys %loser;
}


# 1-3,7 of 1, 2, 3, 7.

sub _ranges (@numbers) {
    my @ranges;

    for my $n (@numbers) {
        if (@ranges && $n == $ranges[-1][1] + 1) {
            $ranges[-1][1] = $n;

        } else {
            push @ranges, [$n, $n];
        }
    }

    return join ',', map { $_->[0] == $_->[1] ? $_->[0] : "$_->[0]-$_->[1]" }
        @ranges;
}


# Sums up: besides the counts, "lost" and how many were told why and were not
# heard after all.

sub close ($self) {
    my $count = $self->{count};

    $count->{lost} = 0;

    for my $streams (values %{ $self->{due} }) {
        $count->{lost} += keys %$_ for values %$streams;
    }

    $count->{$_} = 0 for qw(resync session error doubt);

    for my $to (keys %{ $self->{told} }) {
        for my $stream (keys %{ $self->{told}{$to} }) {
            $count->{ $self->{why}{$to}{$stream}{$_} }++
                for keys %{ $self->{told}{$to}{$stream} };
        }
    }

    return $count;
}


1;

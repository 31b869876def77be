package Otter::Faults;

# What can happen to hosts on one Redis while peers talk, and what it costs.
#
#     my $fault = Otter::Faults->run('Redis is restarted', sub ($run) {
#         $run->redis->stop;
#         $run->talk(1);
#         $run->redis->start_again;
#     });
#
# The load is short unless OTTER_FULL=1: then 200 peers in 50 rooms send
# 100,000 numbers.

use v5.36;

use Otter::Hosts;
use Otter::Survivors;
use Otter::Timing qw(deadline patience remaining);
use Test::More ();
use Time::HiRes qw(time);

my $FULL = $ENV{OTTER_FULL};

# Rooms of four, seconds from one round of signals to the next, and how many
# numbers are sent at least.
my %LOAD = $FULL ? (rooms => 50, pause => 0.15, numbers => 100_000)
    : (rooms => 6, pause => 0.04, numbers => 3_000);

# Seconds that everything may take to be well again.
my $HEALS = $FULL ? 60 : 25;


# Options of Otter::Hosts; before => seconds of talk before the fault.

sub run ($class, $name, $fault, %option) {
    my $before = delete $option{before} // ($FULL ? 5 : 1);
    my $hosts  = Otter::Hosts->start(workers => 2, connections => 2048,
        server => 'otter_message_rate 1000;', %option);
    my $self   = bless {
        name  => $name,
        hosts => $hosts,
        crowd => Otter::Survivors->gather($hosts, rooms => $LOAD{rooms},
            size => 4),
    }, $class;

    $self->talk($before);
    $self->{began} = time;
    $fault->($self);
    $self->{ended} = time;
    $self->_heal;
    $self->_judge;

    return $self;
}


sub hosts ($self) { return $self->{hosts} }
sub redis ($self) { return $self->{hosts}->redis }
sub crowd ($self) { return $self->{crowd} }
sub full ($self)  { return $FULL }


# Talk goes on for that long.

sub talk ($self, $seconds) {
    $self->{crowd}->talk($seconds, $LOAD{pause});
}


# After the fault, until all pairs have heard from each other and health has
# been ok ten times in a row; and on, until enough was sent.

sub _heal ($self) {
    my $crowd    = $self->{crowd};
    my $began    = time;
    my $deadline = deadline($HEALS);
    my ($well, $times) = (0, 0);

    $crowd->watch;

    while (remaining($deadline)) {
        $self->talk(0.1);

        if (grep { $_ ne 'ok' } $self->{hosts}->health) {
            ($well, $times) = (0, 0);

        } else {
            $well ||= time;
            $times++;
        }

        last if $times >= 10 && defined $crowd->reunited;
    }

    my $met = $times && $crowd->reunited;

    $self->{heal} = !$met ? undef : ($met > $well ? $met : $well) - $began;

    $self->talk(1) while $crowd->count->{sent} < $LOAD{numbers};
    $self->{settled} = $crowd->settle(20);
}


sub _judge ($self) {
    my $crowd  = $self->{crowd};
    my $ledger = $crowd->ledger;
    my $count  = $self->{count} = $ledger->close;

    local $Test::Builder::Level = $Test::Builder::Level + 2;

    Test::More::note($_) for $self->header, $self->row;
    Test::More::is($count->{$_}, 0, "$self->{name}: $_")
        for qw(lost duplicates disorder);
    $self->_explain
        if $count->{lost} + $count->{duplicates} + $count->{disorder};

    my @faults = ($crowd->faults, $crowd->estranged);

    Test::More::is(scalar @faults, 0, 'nothing else is wrong')
        || Test::More::diag(_first(@faults));

    for my $id ($crowd->suspects) {
        Test::More::diag(map { "$id $_\n" } $crowd->history($id));
    }

    Test::More::ok(defined $self->{heal}, 'it heals by itself');

    my %seen = (closes => $crowd->closes, errors => $crowd->errors,
        refusals => $crowd->refusals);

    for my $what (sort keys %seen) {
        my $of = $seen{$what};

        Test::More::note("$what: "
            . join ', ', map { "$of->{$_} of $_" } sort keys %$of) if %$of;
    }

    Test::More::note("left by mistake: $_") for $crowd->buried;
}


sub _explain ($self) {
    my $crowd  = $self->{crowd};
    my $ledger = $crowd->ledger;

    Test::More::diag(sprintf "the fault was from %.3f to %.3f\n",
        @$self{qw(began ended)});
    Test::More::diag(_first($ledger->outstanding, $ledger->faults));

    for my $id ($ledger->losers) {
        Test::More::diag(map { "$id $_\n" } $crowd->history($id));
    }
}


sub _first (@lines) {
    return map { s/\n*\z/\n/r } @lines > 20
        ? (@lines[0 .. 19], 'and ' . (@lines - 20) . ' more') : @lines;
}


# Of a Markdown table.  Told are those who were to hear what they did not: by
# "resync" or a new session; or the sender was, by an error, or as its own
# session could not say what was taken of it.

my @COLUMNS = qw(fault sent due delivered replayed resync session error doubt
    lost duplicates disorder heal);


sub header ($self) {
    return '| ' . join(' | ', map { tr/_/ /r } @COLUMNS) . " |",
        '|' . '---|' x @COLUMNS;
}


sub row ($self) {
    my %cell = (
        %{ $self->{count} },
        fault     => $self->{name},
        delivered => $self->{count}{heard},
        heal      => defined $self->{heal}
            ? sprintf '%.1f s', $self->{heal} : 'never',
    );

    return '| ' . join(' | ', @cell{@COLUMNS}) . ' |';
}


sub count ($self)  { return $self->{count} }
sub heal ($self)   { return $self->{heal} }


1;

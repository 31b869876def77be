package Otter::Events;

# The streams of events in Redis, as a reader of them sees them.
#
#     my $events = Otter::Events->listen($redis);
#     my $event  = $events->next;       # { type => 'peer.joined', ... }

use v5.36;

use Carp qw(croak);
use Digest::SHA qw(sha1_hex);
use Exporter 'import';
use Otter::JSON qw(from_json);
use Otter::Timing qw(eventually);

our @EXPORT_OK = qw(SHARDS shard_of);

use constant SHARDS => 16;


sub shard_of ($room) {
    return hex(substr sha1_hex($room), 0, 4) % SHARDS;
}


# Makes the streams: before that, nothing is kept.

sub listen ($class, $redis, $prefix = 'otter:') {
    my $self = bless { redis => $redis, prefix => $prefix, events => [] },
        $class;

    for my $shard (0 .. SHARDS - 1) {
        $redis->command('XGROUP', 'CREATE', $self->_stream($shard), 'test',
            '$', 'MKSTREAM');
        $self->{last}[$shard] = '0-0';
    }

    return $self;
}


sub _stream ($self, $shard) {
    return "$self->{prefix}\{events:$shard\}";
}


sub _read ($self) {
    for my $shard (0 .. SHARDS - 1) {
        my $list = $self->{redis}->command('XRANGE', $self->_stream($shard),
            "($self->{last}[$shard]", '+');

        for my $entry (@$list) {
            my %event = @{ $entry->[1] };

            croak "$event{room} is in the wrong stream"
                if shard_of($event{room}) != $shard;

            $event{peer} = from_json($event{peer}) if length $event{peer};
            $self->{last}[$shard] = $entry->[0];
            push @{ $self->{events} }, \%event;
        }
    }
}


# The next one, in the order of its room; dies if none comes.

sub next ($self, $seconds = 10) {
    eventually($seconds, sub {
        $self->_read if !@{ $self->{events} };
        return scalar @{ $self->{events} };
    }) or croak 'no event';

    return shift @{ $self->{events} };
}


# All that are there now.

sub pending ($self) {
    $self->_read;

    return splice @{ $self->{events} };
}


1;

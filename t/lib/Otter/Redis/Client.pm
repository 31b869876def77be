package Otter::Redis::Client;

# Speaks RESP2 with a Redis server: for what tests do to it and ask of it.

use v5.36;

use Carp qw(croak);
use IO::Select;
use IO::Socket::IP;
use IO::Socket::UNIX;
use Otter::Timing qw(deadline remaining);


# connect(port => n) or connect(path => unix socket); user, password

sub connect ($class, %option) {
    my $socket = $option{path}
        ? IO::Socket::UNIX->new(Peer => $option{path})
        : IO::Socket::IP->new(
            PeerHost => $option{host} // '127.0.0.1',
            PeerPort => $option{port},
        );

    my $self = bless { socket => $socket // return, buffer => '' }, $class;

    $self->command('AUTH', grep { defined } @option{qw(user password)})
        if defined $option{password};

    return $self;
}


# The reply: a string, an array, or undef; an error is died of.

sub command ($self, @words) {
    $self->send(@words);

    return $self->receive // croak "no answer to $words[0]";
}


sub send ($self, @words) {
    my $text = '*' . @words . "\r\n"
        . join '', map { '$' . length() . "\r\n$_\r\n" } @words;

    $self->{socket}->syswrite($text);
}


# What comes next, be it a reply or a message; an undefined one is ''.

sub receive ($self, $seconds = 10) {
    $self->{until} = deadline($seconds);

    return $self->_reply;
}


sub _reply ($self) {
    my $line = $self->_take(qr/\A([^\r]*)\r\n/) // return;
    my ($kind, $rest) = $line =~ /\A(.)(.*)\z/s;

    return $rest if $kind eq '+' || $kind eq ':';

    croak $rest if $kind eq '-';

    return '' if $rest < 0;

    return [ map { $self->_reply } 1 .. $rest ] if $kind eq '*';

    return $self->_take(qr/\A(.{$rest})\r\n/s);
}


sub _take ($self, $pattern) {
    while ($self->{buffer} !~ $pattern) {
        my $ready = IO::Select->new($self->{socket})
            ->can_read(remaining($self->{until}));

        return if !$ready
            || !sysread $self->{socket}, $self->{buffer}, 65_536,
                length $self->{buffer};
    }

    $self->{buffer} =~ s/$pattern//;

    return $1;
}


1;

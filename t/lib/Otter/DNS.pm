package Otter::DNS;

# A name server on loopback that knows what it is told, and forgets it.  With
# several addresses it gives one after the other, and stays with the last;
# joined by "+" they come together.
#
#     my $dns = Otter::DNS->start('redis.test' => '127.0.0.1');
#
#     Otter::Nginx->start(http => 'resolver ' . $dns->address . ' valid=1s;')
#     $dns->answers('redis.test' => undef);
#     $dns->answers('fickle.test' => '192.0.2.1,127.0.0.1');
#
# It ends with the object.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use IO::Socket::IP;
use Otter::Keys qw(write_private);

my %TYPE = (A => 1);
my %CODE = (ok => 0, failed => 2, unknown => 3);


# Names and their addresses; "failed": the server has trouble with that one.
# With 53 => 1 it is on that port, where the system's resolver looks.

sub start ($class, %names) {
    my $port = delete $names{53} ? 53 : 0;
    my $self = bless {
        folder => tempdir('otter-dns-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        owner  => $$,
        names  => {%names},
    }, $class;

    my $socket = IO::Socket::IP->new(Proto => 'udp', LocalHost => '127.0.0.1',
        LocalPort => $port) // croak "no socket: $@";

    $self->{port} = $socket->sockport;
    $self->_write;
    $self->{pid} = fork // croak "fork: $!";

    $self->_serve($socket) if !$self->{pid};

    return $self;
}


sub address ($self) { return "127.0.0.1:$self->{port}" }


sub answers ($self, %names) {
    $self->{names}{$_} = $names{$_} for keys %names;
    $self->_write;
}


sub _file ($self) { return "$self->{folder}/names" }


sub _write ($self) {
    my $names = $self->{names};

    write_private($self->_file . '.new', join '', map { "$_ $names->{$_}\n" }
        grep { defined $names->{$_} } sort keys %$names);
    rename $self->_file . '.new', $self->_file or croak "rename: $!";
}


sub _serve ($self, $socket) {
    while (my $from = $socket->recv(my $query, 512)) {
        my ($id, $rest) = unpack 'n x10 a*', $query;
        my @labels;

        push @labels, substr $rest, 0, ord substr($rest, 0, 1, ''), ''
            while ord $rest;

        my $type  = unpack 'x n', $rest;
        my $reply = $self->_reply($id, $type, @labels);

        $socket->send($reply, 0, $from);
    }

    exit 0;
}


sub _reply ($self, $id, $type, @labels) {
    open my $file, '<', $self->_file or die "names: $!";

    my %names   = map { /^(\S+) (\S+)/ } readline $file;
    my $address = $self->_turn($type, join('.', @labels), \%names);
    my $code    = !$address ? 'unknown'
        : $address eq 'failed' ? 'failed' : 'ok';
    my $name    = join '', map { chr(length) . $_ } @labels, '';
    my $answer  = $code eq 'ok' && $type == $TYPE{A}
        ? join '', map { "\xc0\x0c" . pack 'n n N n C4', $TYPE{A}, 1, 1, 4,
            split /\./ } split /\+/, $address : '';

    return pack('n n n n n n', $id, 0x8180 | $CODE{$code}, 1,
        length($answer) / 16, 0, 0)
        . $name . pack('n n', $type, 1) . $answer;
}


# Whoever asks for addresses of IPv6 as well takes none of the turns by it.

sub _turn ($self, $type, $name, $names) {
    my @turns = split /,/, $names->{$name} // return;
    my $n     = $type == $TYPE{A} ? $self->{asked}{$name}++
        : $self->{asked}{$name} // 0;

    return $turns[$n < @turns ? $n : -1];
}


sub DESTROY ($self) {
    local $?;

    return if $self->{owner} != $$;

    kill KILL => $self->{pid};
    waitpid $self->{pid}, 0;
}


1;

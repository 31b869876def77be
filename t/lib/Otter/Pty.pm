package Otter::Pty;

# A program on a terminal of its own.

use v5.36;

use Carp qw(croak);
use Fcntl qw(O_NOCTTY O_RDWR);
use Otter::Timing qw(eventually);
use POSIX ();

# of Linux, where the terminal is a /dev/pts
my %ioctl = (
    unlock => 0x40045431,
    number => 0x80045430,
    size   => 0x5414,
    own    => 0x540E,
);


sub start ($class, @command) {
    sysopen my $master, '/dev/ptmx', O_RDWR | O_NOCTTY or croak "ptmx: $!";

    my $number   = pack 'i', 0;
    my $unlocked = pack 'i', 0;

    ioctl $master, $ioctl{unlock}, $unlocked or croak "unlock: $!";
    ioctl $master, $ioctl{number}, $number or croak "number: $!";

    my $self = bless {
        master => $master,
        owner  => $$,
        output => '',
    }, $class;

    $self->resize(24, 80);
    $self->{pid} = fork // croak "fork: $!";

    if (!$self->{pid}) {
        POSIX::setsid();
        sysopen my $tty, '/dev/pts/' . unpack('i', $number), O_RDWR
            or die "pts: $!";
        ioctl $tty, $ioctl{own}, 0 or die "own: $!";
        POSIX::dup2(fileno $tty, $_) for 0 .. 2;
        exec @command or die "$command[0]: $!";
    }

    $master->blocking(0);

    return $self;
}


sub resize ($self, $rows, $columns) {
    my $size = pack 'S4', $rows, $columns, 0, 0;

    ioctl $self->{master}, $ioctl{size}, $size or croak "size: $!";
}


sub type ($self, $keys) {
    syswrite $self->{master}, $keys;
}


# All that the program has written.

sub output ($self) {
    while (sysread $self->{master}, my $bytes, 65536) {
        $self->{output} .= $bytes;
    }

    return $self->{output};
}


# Waits until what is written after the given place fits.

sub shows ($self, $pattern, $from = 0) {
    return eventually(10, sub { substr($self->output, $from) =~ $pattern });
}


# The exit code, once it has ended.

sub ended ($self) {
    my $ended = eventually(10, sub {
        $self->output;

        return waitpid($self->{pid}, 1) == $self->{pid};
    });

    $self->{gone} = $ended;

    return $ended ? $? & 127 ? 128 + ($? & 127) : $? >> 8 : undef;
}


sub DESTROY ($self) {
    local $?;

    return if $self->{owner} != $$ || $self->{gone};

    kill KILL => $self->{pid};
    waitpid $self->{pid}, 0;
}


1;

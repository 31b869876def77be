package Otter::Companion;

# A companion (otter-turn, otter-reaper) with a configuration of its own.
#
#     my $turn = Otter::Companion->start('otter-turn', <<~CONF);
#         redis = redis://127.0.0.1:6379
#         CONF
#
# It ends with the object.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use Otter::Command qw(run);
use Otter::Keys qw(write_private);
use Otter::Paths qw($build);
use Otter::Timing qw(deadline eventually remaining);
use Time::HiRes qw(sleep);


sub start ($class, $program, $conf, @arguments) {
    my $self = bless {
        program   => $program,
        folder    => tempdir("$program-XXXXXX", TMPDIR => 1, CLEANUP => 1),
        arguments => \@arguments,
        owner     => $$,
    }, $class;

    write_private($self->path('conf'), $conf);

    $self->launch;

    return $self;
}


sub path ($self, $name) { return "$self->{folder}/$name" }
sub pid ($self)         { return $self->{pid} }


# Starts it, also again.

sub launch ($self) {
    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    open STDIN,  '<', '/dev/null' or die "stdin: $!";
    open STDOUT, '>>', $self->path('log') or die "stdout: $!";
    open STDERR, '>&', \*STDOUT or die "stderr: $!";
    exec "$build/bin/$self->{program}", '--config', $self->path('conf'),
        @{ $self->{arguments} } or die "$self->{program}: $!";
}


# Runs one that ends by itself: { exit, stdout, stderr }.

sub once ($class, $program, $conf, @arguments) {
    my $folder = tempdir("$program-XXXXXX", TMPDIR => 1, CLEANUP => 1);

    write_private("$folder/conf", $conf);

    return run("$build/bin/$program", '--config', "$folder/conf", @arguments);
}


# Asks it to end: true if it does, with status 0 and in time.

sub stop ($self, $seconds = 20) {
    my $deadline = deadline($seconds);

    CORE::kill TERM => $self->{pid};

    while (remaining($deadline)) {
        if (waitpid($self->{pid}, 1) == $self->{pid}) {
            delete $self->{pid};
            return $? == 0;
        }

        sleep 0.01;
    }

    return;
}


sub kill ($self) {
    CORE::kill KILL => $self->{pid};
    waitpid delete $self->{pid}, 0;
}


sub log ($self) {
    open my $file, '<', $self->path('log') or return '';
    local $/;

    return readline($file) // '';
}


sub logs ($self, $pattern, $seconds = 10) {
    return eventually($seconds, sub { $self->log =~ $pattern });
}


sub DESTROY ($self) {
    local $?;

    $self->kill if $self->{pid} && $self->{owner} == $$;
}


1;

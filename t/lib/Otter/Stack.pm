package Otter::Stack;

# What ./run.sh starts, with ports and a state folder of the test's own.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use Otter::Conf qw(free_port);
use Otter::Paths qw($root);
use Otter::Proc;
use Otter::Timing qw(eventually);


# start(state => folder, options => [...])

sub start ($class, %option) {
    my $folder = tempdir('otter-stack-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self   = bless {
        folder    => $folder,
        state     => $option{state} // "$folder/state",
        port      => free_port(),
        turn_port => free_port(),
        owner     => $$,
    }, $class;

    $self->{pid} = fork // croak "fork: $!";

    $self->_exec(@{ $option{options} // [] }) if !$self->{pid};

    eventually(60, sub { $self->output =~ /^Logs are in /m || $self->ended })
        or croak 'run.sh is not up: ' . $self->output;

    return $self;
}


# In a process group of its own, as from a terminal.

sub _exec ($self, @options) {
    setpgrp 0, 0;
    $SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);
    open STDIN,  '<',  '/dev/null'            or die "stdin: $!";
    open STDOUT, '>',  "$self->{folder}/said" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT               or die "stderr: $!";
    exec "$root/run.sh", '--port', $self->{port}, '--turn-port',
        $self->{turn_port}, '--state', $self->{state}, @options
        or die "run.sh: $!";
}


sub port ($self)      { return $self->{port} }
sub turn_port ($self) { return $self->{turn_port} }
sub state ($self)     { return $self->{state} }


sub output ($self) {
    return _text("$self->{folder}/said");
}


sub link ($self) {
    return $self->output =~ m{^ +(https?://\S+/otter/room/\S+)$}m && $1;
}


sub api_key ($self) {
    return $self->output =~ /^ +(otk_\S+)$/m && $1;
}


# The command that run.sh shows, as it would be pasted into a shell.

sub token_command ($self) {
    return $self->output =~ /^ +(curl .*?[^\\])\n\n/ms && $1;
}


sub error_log ($self) {
    return _text("$self->{state}/$self->{port}/log/error.log");
}


# Everything that run.sh started, and what that started: pid => name.

sub processes ($self) {
    my @look = ($self->{pid});
    my %found;

    while (defined(my $pid = shift @look)) {
        my @children = Otter::Proc::children($pid);

        $found{$_} = _text("/proc/$_/comm") =~ s/\n//r for @children;
        push @look, @children;
    }

    return %found;
}


# Those of the processes that still run.

sub alive (@pids) {
    return grep { _text("/proc/$_/stat") =~ /^\d+ \(.*\) [^ZX]/ } @pids;
}


# As Ctrl-C does: to the whole group.  Returns the exit code.

sub interrupt ($self, $signal = 'INT') {
    kill "-$signal" => $self->{pid};

    return eventually(20, sub { $self->ended }) ? $self->{exit} : undef;
}


sub ended ($self) {
    return 1 if defined $self->{exit};
    return 0 if waitpid($self->{pid}, 1) != $self->{pid};

    $self->{exit} = $? & 127 ? 128 + ($? & 127) : $? >> 8;

    return 1;
}


sub exit_code ($self) { return $self->{exit} }


sub _text ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return readline($file) // '';
}


sub DESTROY ($self) {
    local $?;

    return if $self->{owner} != $$ || $self->ended;

    $self->interrupt('TERM');
}


1;

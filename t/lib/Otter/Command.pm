package Otter::Command;

# Runs a program to its end and captures what it says.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use File::Temp ();
use POSIX ();

our @EXPORT_OK = qw(output_of run);


# run({ stdin => ... }, @command) or run(@command); never through a shell.

sub run (@command) {
    my %option = ref $command[0] ? %{ shift @command } : ();
    my %file   = map { $_ => File::Temp->new } qw(in out err);

    binmode $file{in};
    print { $file{in} } $option{stdin} // '';
    $file{in}->flush;

    my $pid = fork // croak "fork: $!";

    if (!$pid) {
        open STDIN,  '<', $file{in}->filename  or die "stdin: $!";
        open STDOUT, '>', $file{out}->filename or die "stdout: $!";
        open STDERR, '>', $file{err}->filename or die "stderr: $!";
        exec { $command[0] } @command or print STDERR "$command[0]: $!\n";
        POSIX::_exit(127);
    }

    waitpid $pid, 0;

    return {
        exit   => $? & 127 ? 128 + ($? & 127) : $? >> 8,
        stdout => _slurp($file{out}->filename),
        stderr => _slurp($file{err}->filename),
    };
}


# The standard output of a command that must succeed.

sub output_of (@command) {
    my $result = run(@command);
    my ($name) = grep { !ref } @command;

    croak "$name exited with $result->{exit}: $result->{stderr}"
        if $result->{exit};

    return $result->{stdout};
}


sub _slurp ($path) {
    open my $file, '<:raw', $path or croak "$path: $!";
    local $/;

    return scalar readline $file;
}


1;

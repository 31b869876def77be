package Otter::OwnCoturn;

# A coturn on loopback with options of the test's own, for what no sound one
# would have.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use Otter::Conf qw(free_port);


sub start ($class, @options) {
    my $home = tempdir('otter-coturn-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless {
        home  => $home,
        port  => free_port(),
        owner => $$,
    }, $class;

    $self->{pid} = fork // croak "fork: $!";

    return $self if $self->{pid};

    open STDOUT, '>', "$home/log" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT or die "stderr: $!";
    exec 'turnserver', '-n', '--listening-ip=127.0.0.1',
        '--relay-ip=127.0.0.1', "--listening-port=$self->{port}",
        '--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls',
        '--realm=otter', "--pidfile=$home/pid", "--userdb=$home/db",
        '--log-file=stdout', @options
        or die "turnserver: $!";
}


sub server ($self) { return "127.0.0.1:$self->{port}" }


# Ends it: it keeps what it has to say until then.

sub log ($self) {
    if ($self->{pid}) {
        kill TERM => $self->{pid};
        waitpid $self->{pid}, 0;
        delete $self->{pid};
    }

    open my $file, '<', "$self->{home}/log" or return '';
    local $/;

    return readline($file) // '';
}


sub DESTROY ($self) {
    local $?;

    return if !$self->{pid} || $self->{owner} != $$;

    kill KILL => $self->{pid};
    waitpid $self->{pid}, 0;
}


1;

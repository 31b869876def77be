package Otter::Redis;

# A real redis-server on loopback, in a folder of its own, on a free port.
#
#     my $redis = Otter::Redis->start(password => 'secret', tls => 1);
#     my $nginx = Otter::Nginx->start(http => 'otter_redis ' . $redis->url . ';');
#
# It ends with the object.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use Otter::Command qw(output_of);
use Otter::Conf qw(free_port);
use Otter::Keys qw(write_private);
use Otter::Redis::Client;
use Otter::Timing qw(eventually patience);
use Time::HiRes qw(sleep);


# Options: port, password (of the default user), users (lines of "user"),
# tls (a port with a certificate beside the plain one), tls_name, tls_of
# (another one whose certificates it has), conf (more lines), sentinel (it is
# one).

sub start ($class, %option) {
    my $self = bless {
        folder => tempdir('otter-redis-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        owner  => $$,
        %option,
    }, $class;

    # The workers of nginx run as another user.
    chmod 0755, $self->{folder};

    $self->{tls} = 1 if $self->{tls_of};
    $self->_write_certificates if $self->{tls};

    for (1 .. 5) {
        $self->{port}     = $option{port} // free_port();
        $self->{tls_port} = free_port() if $self->{tls};

        $self->_write_conf;
        $self->_launch;

        last if $self->_comes_up;
    }

    croak 'Redis does not start: ' . $self->log if !$self->{up};

    return $self;
}


sub _write_conf ($self) {
    my $folder = $self->{folder};
    my @conf   = (
        "port $self->{port}", 'bind 127.0.0.1', 'daemonize no',
        "dir $folder", "logfile $folder/log",
        "unixsocket $folder/socket", 'unixsocketperm 777',
    );

    push @conf, 'save ""', 'appendonly no' if !$self->{sentinel};
    push @conf, "requirepass $self->{password}" if $self->{password};
    push @conf, map { "user $_" } @{ $self->{users} // [] };
    push @conf, "tls-port $self->{tls_port}", "tls-cert-file $folder/tls.crt",
        "tls-key-file $folder/tls.key", "tls-ca-cert-file $folder/ca.crt",
        'tls-auth-clients ' . ($self->{tls_clients} // 'no')
        if $self->{tls};

    # Redis writes into the file what it learns; a restart must not lose it.

    write_private("$folder/conf", join '', map { "$_\n" }
        @conf, @{ $self->{conf} // [] });
}


# A CA, and a certificate of the server's name by it.

sub _write_certificates ($self) {
    my $folder = $self->{folder};
    my $other  = $self->{tls_of};

    return output_of('cp', '-p', (map { $other->path("$_.crt") } qw(ca tls)),
        $other->path('tls.key'), $folder) if $other;

    my $name   = $self->{tls_name} // 'DNS:localhost,IP:127.0.0.1';
    my @new    = qw(openssl req -nodes -newkey ec
        -pkeyopt ec_paramgen_curve:prime256v1);

    output_of(@new, qw(-x509 -days 2 -subj /CN=ca -keyout), "$folder/ca.key",
        '-out', "$folder/ca.crt");
    output_of(@new, qw(-subj /CN=redis -keyout), "$folder/tls.key", '-out',
        "$folder/tls.csr");
    write_private("$folder/ext", "subjectAltName=$name\n");
    output_of(qw(openssl x509 -req -days 2 -CAcreateserial -in),
        "$folder/tls.csr", '-CA', "$folder/ca.crt", '-CAkey',
        "$folder/ca.key", '-extfile', "$folder/ext", '-out',
        "$folder/tls.crt");

    chmod 0644, "$folder/ca.crt", "$folder/tls.crt";
}


sub _launch ($self) {
    my @mode = $self->{sentinel} ? '--sentinel' : ();

    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    open STDIN,  '<', '/dev/null' or die "stdin: $!";
    open STDOUT, '>>', "$self->{folder}/log" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT or die "stderr: $!";
    exec 'redis-server', "$self->{folder}/conf", @mode
        or die "redis-server: $!";
}


sub _comes_up ($self) {
    $self->{up} = eventually(10, sub {
        return 1 if waitpid($self->{pid}, 1) == $self->{pid};
        return eval { $self->command('PING') eq 'PONG' };
    }) && kill 0 => $self->{pid};

    return $self->{up};
}


sub port ($self)         { return $self->{port} }
sub tls_port ($self)     { return $self->{tls_port} }
sub pid ($self)          { return $self->{pid} }
sub path ($self, $name)  { return "$self->{folder}/$name" }


# For "otter_redis"; url(tls => 1), url(socket => 1).

sub url ($self, %option) {
    return "unix:$self->{folder}/socket" if $option{socket};

    my $login = $self->{password} ? ":$self->{password}@" : '';

    return "rediss://${login}localhost:$self->{tls_port}"
        . "?ca=$self->{folder}/ca.crt" if $option{tls};

    return "redis://${login}127.0.0.1:$self->{port}";
}


# A command over a connection that is kept; what Redis refuses is died of.

sub command ($self, @words) {
    $self->{client} //= $self->client;

    my $reply = eval { $self->{client}->command(@words) };
    my $error = $@;

    return $reply if defined $reply;

    delete $self->{client} if $error =~ /^no answer/;

    die $error;
}


# A connection of its own.

sub client ($self) {
    return Otter::Redis::Client->connect(
        port     => $self->{port},
        password => $self->{password},
    ) // croak "no connection to Redis: $!";
}


# Everything that "INFO" tells, or one value of it.

sub info ($self, $name = undef) {
    my %info = $self->command('INFO', 'everything') =~ /^(\w+):(.*?)\r?$/mg;

    return defined $name ? $info{$name} : \%info;
}


sub stop ($self, $signal = 'TERM') {
    delete $self->{client};

    return if !$self->{pid};

    kill $signal => $self->{pid};
    waitpid $self->{pid}, 0;

    delete $self->{pid};
}


sub kill ($self) { $self->stop('KILL') }


# Comes back on the same port, without its data.

sub start_again ($self) {
    $self->_launch;

    $self->_comes_up or croak 'Redis does not come back: ' . $self->log;
}


sub restart ($self, $seconds = 0) {
    $self->stop;
    sleep $seconds;
    $self->start_again;
}


# It takes connections and answers nothing, as in a long fork or a swap storm.

sub pause ($self)  { CORE::kill STOP => $self->{pid} }
sub resume ($self) { CORE::kill CONT => $self->{pid} }


sub log ($self) {
    open my $file, '<', "$self->{folder}/log" or return '';
    local $/;

    return readline($file) // '';
}


sub DESTROY ($self) {
    local $?;

    $self->kill if $self->{owner} == $$;
}


1;

package Bench::Server;

# The servers that are compared, each started on loopback for one run and
# gone after it.
#
#     my $server = Bench::Server->start('nchan', workers => 1);

use v5.36;

use Bench::Conf qw(conf_of);
use Bench::Tools qw(on_core);
use Carp qw(croak);
use File::Temp qw(tempdir);
use IO::Socket::IP;
use Otter::Conf qw(free_port);
use Otter::HTTP;
use Otter::Key;
use Otter::Keys qw(create_api_key write_jwk_set write_private);
use Otter::Proc;
use Otter::Timing qw(eventually);
use Time::HiRes qw(sleep);

my $nginx  = $ENV{OTTER_NGINX} || 'nginx';

# protocol: what the load generator calls it; instances: servers on ports of
# their own, which share a Redis.
my %kinds = (
    'otter'          => { nginx => 'otter' },
    'otter-tls'      => { nginx => 'otter', tls => 1 },
    'otter-redis'    => { nginx => 'otter', instances => 2, redis => 1 },
    'nchan'          => { nginx => 'nchan' },
    'nchan-ring'     => { nginx => 'nchan', protocol => 'nchan-ring' },
    'nchan-redis'    => { nginx => 'nchan', instances => 2, redis => 1 },
    'ws'             => { node => 'ws' },
    'socketio'       => { node => 'socketio' },
    'socketio-redis' => { node => 'socketio', instances => 2, redis => 1 },
    'peerjs'         => { node => 'peerjs' },
    'floor'          => { program => 'floor' },
    'return'         => { nginx => 'otter' },
);


sub names ($class) { return sort keys %kinds }


# Options: workers, connections (of each), zone (size), alone (on its core),
# tools and servers (folders of programs).

sub start ($class, $name, %option) {
    my $kind = $kinds{$name} // croak "no server is named $name";
    my $self = bless {
        name    => $name,
        kind    => $kind,
        folder  => tempdir('otter-bench-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        started => [],
        ports   => [],
        workers => 1,
        %option,
    }, $class;

    chmod 0755, $self->{folder};

    $self->_start_redis if $kind->{redis};
    $self->_start_one($_) for 1 .. $kind->{instances} // 1;

    return $self;
}


sub protocol ($self) {
    my $kind = $self->{kind};

    return $kind->{protocol} // $kind->{nginx} // $kind->{node}
        // $kind->{program};
}


sub ports ($self) { return @{ $self->{ports} } }
sub tls ($self)   { return $self->{kind}{tls} ? 1 : 0 }
sub jwk ($self)   { return "$self->{folder}/jwt.json" }


# The key of the API.

sub api_key ($self) { return $self->{api_key} }


# All processes of the server, and those of Redis.

sub pids ($self) {
    return map { ($_, Otter::Proc::children($_)) } @{ $self->{started} };
}


sub redis_pids ($self) {
    return $self->{redis_pid} // ();
}


sub worker_pids ($self) {
    return map { Otter::Proc::children($_) } @{ $self->{started} };
}


sub _start_redis ($self) {
    $self->{redis_port} = free_port();

    $self->{redis_pid} = $self->_launch('redis', 'redis-server',
        '--port', $self->{redis_port}, '--bind', '127.0.0.1', '--save', '',
        '--appendonly', 'no', '--dir', $self->{folder});

    $self->_answers($self->{redis_port}, 'redis');
}


sub _start_one ($self, $number) {
    my $kind = $self->{kind};
    my $port = free_port();
    my $name = "server-$number";

    my @command
        = $kind->{nginx} ? $self->_nginx($name, $port)
        : $kind->{node}  ? $self->_node($port)
        : ("$self->{tools}/$kind->{program}", $port);

    my $pid = $self->_launch($name, @command);

    push @{ $self->{started} }, $pid;
    push @{ $self->{ports} }, $port;

    $self->_answers($port, $name);

    return if !$kind->{nginx};

    eventually(10, sub { $self->worker_pids >= $self->{workers} })
        or $self->_give_up($name);

    # Until nchan is connected to its Redis it says 503.
    return if $self->protocol ne 'nchan' || !$kind->{redis};

    eventually(10, sub {
        return Otter::HTTP->new(port => $port)
            ->request(POST => '/publish/ready', body => '')->status < 300;
    }) or $self->_give_up($name);
}


sub _node ($self, $port) {
    return ('node', "$self->{servers}/$self->{kind}{node}.js", $port,
        $self->{redis_port} // ());
}


sub _nginx ($self, $name, $port) {
    my $folder = "$self->{folder}/$name";

    mkdir $folder or croak "$folder: $!";

    if ($self->{kind}{nginx} eq 'otter' && !$self->{api_key}) {
        write_jwk_set($self->jwk, Otter::Key->hs256('bench'));
        $self->{api_key} = create_api_key("$self->{folder}/keys.json");
    }

    $self->_certificate if $self->tls && !-e "$self->{folder}/tls.crt";

    write_private("$folder/nginx.conf",
        conf_of($self->{kind}{nginx}, %$self, prefix => $folder,
            port => $port), 0644);

    return ($nginx, '-p', $folder, '-c', "$folder/nginx.conf", '-e',
        "$folder/error.log");
}


sub _certificate ($self) {
    system(qw(openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt
        ec_paramgen_curve:P-256 -subj /CN=localhost -batch -out),
        "$self->{folder}/tls.crt", '-keyout', "$self->{folder}/tls.key") == 0
        or croak 'openssl makes no certificate';
}


sub _launch ($self, $name, @command) {
    my $pid = fork // croak "fork: $!";

    return $pid if $pid;

    open STDIN,  '<', '/dev/null' or die "stdin: $!";
    open STDOUT, '>', "$self->{folder}/$name.log" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT or die "stderr: $!";

    # Names of this environment must not change what a server does.
    delete @ENV{qw(NODE_OPTIONS DEBUG)};

    exec on_core(0, $self->{alone}), @command or die "$command[0]: $!";
}


sub _answers ($self, $port, $name) {
    return if eventually(20, sub {
        return defined IO::Socket::IP->new(
            PeerHost => '127.0.0.1',
            PeerPort => $port,
        );
    });

    $self->_give_up($name);
}


sub _give_up ($self, $name) {
    my $log = join '', map { _text($_) } "$self->{folder}/$name.log",
        glob "$self->{folder}/$name/error.log";

    $self->stop;

    croak "$self->{name} does not start: $log";
}


# What the logs of an nginx say of faults.

sub faults ($self) {
    return grep { /\[(?:alert|crit|emerg)\]/ }
        map { split /^/m, _text($_) }
        glob "$self->{folder}/server-*/error.log";
}


sub _text ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return readline($file) // '';
}


sub stop ($self) {
    local ($?, $!);

    my @pids = (@{ $self->{started} }, $self->redis_pids);

    $self->{started} = [];
    delete $self->{redis_pid};

    # TERM: nginx ends its workers at once, and the others know it too.
    kill TERM => @pids;

    for my $pid (@pids) {
        eventually(10, sub { waitpid($pid, 1) == $pid }) or kill KILL => $pid;
    }
}


sub DESTROY ($self) {
    $self->stop;
}


1;

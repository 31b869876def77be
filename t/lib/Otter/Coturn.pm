package Otter::Coturn;

# A real coturn on loopback that knows the given secrets, and its own test
# client.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::IP;
use Otter::Command qw(run);
use Otter::Conf qw(free_port);
use Otter::Keys qw(write_private);
use Otter::Timing qw(eventually);
use Socket qw(SOCK_DGRAM);


# start(secrets => [...], port => ..., redis => $redis, tls => $folder): with
# Redis it takes secrets from there and reports what it relays; the folder has
# tls.crt and tls.key.

sub start ($class, %option) {
    my $folder = tempdir('otter-coturn-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self   = bless {
        folder => $folder,
        port   => $option{port} // free_port(),
        owner  => $$,
        %option{grep { $option{$_} } qw(tls redis)},
    }, $class;

    my $low     = 40000 + 100 * int rand 200;
    my @secrets = map { "static-auth-secret=$_" } @{ $option{secrets} // [] };
    my @more    = $self->_tls;

    push @more, map { "redis-$_=\"ip=127.0.0.1 dbname=0 port="
            . $self->{redis}->port . '"' } qw(userdb statsdb)
        if $self->{redis};
    push @more, "userdb=$folder/db" if !$self->{redis};

    write_private("$folder/conf", join "\n",
        'listening-ip=127.0.0.1', 'relay-ip=127.0.0.1',
        "listening-port=$self->{port}", 'realm=otter',
        'use-auth-secret', @secrets, 'allow-loopback-peers',
        'no-cli', 'no-dtls', 'no-rfc5780', 'verbose', @more,
        "min-port=$low", 'max-port=' . ($low + 99),
        "pidfile=$folder/pid", 'log-file=stdout', 'simple-log', '');

    $self->start_again;

    return $self;
}


sub _tls ($self) {
    return 'no-tls' if !$self->{tls};

    $self->{tls_port} = free_port();

    return "tls-listening-port=$self->{tls_port}",
        "cert=$self->{tls}/tls.crt", "pkey=$self->{tls}/tls.key";
}


sub tls_port ($self) { return $self->{tls_port} }


sub start_again ($self) {
    $self->_launch;

    eventually(10, sub { $self->_answers })
        or croak 'coturn does not start: ' . $self->log;
}


sub stop ($self) {
    CORE::kill KILL => $self->{pid};
    waitpid delete $self->{pid}, 0;
}


# Its own figure of what it has relayed for clients: bytes from and to them,
# of all sessions that have ended, but for those of a user that is left out.

sub relayed ($self, $without = qr/^otter-turn$/) {
    my $bytes = 0;
    my $log   = $self->log;

    while ($log =~ /: usage: \S+ username=<\d+:([^>]*)>, (.*)/g) {
        my $numbers = $2;

        next if $1 =~ $without;

        $bytes += $_ for $numbers =~ /\b[rs]b=(\d+)/g;
    }

    return $bytes;
}


sub _launch ($self) {
    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    open STDOUT, '>>', "$self->{folder}/log" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT or die "stderr: $!";
    exec 'turnserver', '-c', "$self->{folder}/conf" or die "turnserver: $!";
}


# A STUN binding request (RFC 8489) without attributes.

sub _answers ($self) {
    my $socket = IO::Socket::IP->new(
        PeerHost => '127.0.0.1',
        PeerPort => $self->{port},
        Type     => SOCK_DGRAM,
    ) or return;

    $socket->syswrite(pack 'nnNa12', 1, 0, 0x2112a442, 'otter-test!!');

    return IO::Select->new($socket)->can_read(0.1)
        && defined $socket->sysread(my $answer, 512);
}


sub port ($self) { return $self->{port} }


sub log ($self) {
    open my $file, '<', "$self->{folder}/log" or return '';
    local $/;

    return readline($file) // '';
}


# Whether a packet comes back through a relay made with the credentials.  The
# client's exit status says nothing: its words do.

sub relays ($self, $username, $password) {
    my $result = run(qw(timeout 30 turnutils_uclient -y -n 1 -m 1 -u),
        $username, '-w', $password, '-p', $self->{port}, '127.0.0.1');
    my $output = $result->{stdout} . $result->{stderr};

    return $output =~ /tot_recv_msgs=[1-9]/
        && $output =~ /Total lost packets 0 /
        && $output !~ /ERROR/;
}


sub DESTROY ($self) {
    local $?;

    return if !$self->{pid} || $self->{owner} != $$;

    kill KILL => $self->{pid};
    waitpid $self->{pid}, 0;
}


1;

package Otter::Nginx;

# A real nginx with the module, in a folder of its own, on free ports.
#
#     my $nginx = Otter::Nginx->start(workers => 4, server => 'otter_echo on;');
#
# Whatever a test does, finish() looks afterwards: nginx must leave by itself,
# leave nothing behind, and have logged no alert.  Otter::Test calls it.

use v5.36;

use Carp qw(croak);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Otter::Command qw(output_of run);
use Otter::Conf qw(conf_text free_port);
use Otter::HTTP;
use Otter::Key;
use Otter::Keys qw(create_api_key write_jwk_set write_private);
use Otter::Proc;
use Otter::Timing qw(eventually patience under_valgrind);
use Otter::Valgrind;
use Otter::WebSocket;
use Test::More ();
use Time::HiRes qw(sleep);

my $program = $ENV{OTTER_NGINX} || 'nginx';
my $owner   = $$;
my @running;


# Besides the options of Otter::Conf:
#
#   keys         signing keys of otter_jwt_key_file; [] for no such file
#   api_keys     [{ id => ..., rooms => ..., scopes => ... }, ...]
#   turn_secrets the lines of otter_turn_secret_file
#   files        { name => text }, put into the folder for all to read
#   secrets      { name => text }, for the owner alone
#   prefix       where Otter is mounted, for the clients made here

sub start ($class, %option) {
    my $self = $class->_prepare(%option);

    for (1 .. 5) {
        $self->_write_conf;
        $self->_launch;

        my $taken = !$self->_comes_up
            && $self->error_log =~ /bind\(\) .* failed .*in use/;

        last if !$taken;

        unlink $self->path('error.log');
    }

    push @running, $self;

    croak 'nginx does not start: ' . $self->error_log if !$self->{up};

    return $self;
}


# What "nginx -t" says: { ok, output, conf }.

sub check ($class, %option) {
    my $self = $class->_prepare(%option);

    $self->_write_conf;

    my $result = run($program, '-t', $self->_arguments);

    return {
        ok     => $result->{exit} == 0,
        output => $result->{stderr},
        conf   => $self->{conf},
    };
}


sub _prepare ($class, %option) {
    my $self = bless {
        folder => tempdir('otter-XXXXXX', TMPDIR => 1,
            CLEANUP => !$ENV{OTTER_KEEP}),
        keys    => [Otter::Key->hs256('test')],
        allowed => [],
        %option,
    }, $class;

    # The workers run as another user.
    chmod 0755, $self->{folder};

    $self->_write_keys;
    $self->_write_certificate if $self->{tls};

    my %mode = (files => 0644, secrets => 0600);

    for my $kind (sort keys %mode) {
        my $file = $self->{$kind} // {};

        for my $name (sort keys %$file) {
            make_path(dirname($self->path($name)));
            write_private($self->path($name), $file->{$name}, $mode{$kind});
        }
    }

    return $self;
}


sub _write_keys ($self) {
    my $more = '';

    if (@{ $self->{keys} }) {
        write_jwk_set($self->path('jwt.json'), @{ $self->{keys} });
        $more .= "otter_jwt_key_file %prefix%/jwt.json;\n";
    }

    if ($self->{api_keys}) {
        for my $key (@{ $self->{api_keys} }) {
            $self->{api_key}{ $key->{id} }
                = create_api_key($self->path('keys.json'), %$key);
        }

        $more .= "otter_api_keys_file %prefix%/keys.json;\n";
    }

    if ($self->{turn_secrets}) {
        write_private($self->path('turn.secret'),
            join '', map { "$_\n" } @{ $self->{turn_secrets} });
        $more .= "otter_turn_secret_file %prefix%/turn.secret;\n";
    }

    $self->{server} = $more . ($self->{server} // '');
}


sub _write_certificate ($self) {
    output_of(qw(openssl req -x509 -nodes -newkey rsa:2048 -days 2
        -subj /CN=localhost -keyout), $self->path('tls.key'),
        '-out', $self->path('tls.crt'));
}


sub _write_conf ($self) {
    my $text = conf_text(%$self);

    $self->{port} = {};

    $text =~ s/%port:(\w+)%/$self->{port}{$1} \/\/= free_port()/ge;
    $text =~ s/%prefix%/$self->{folder}/g;

    $self->{conf} = $text;

    write_private($self->path('nginx.conf'), $text, 0644);
}


sub _arguments ($self) {
    return ('-p', $self->{folder}, '-c', $self->path('nginx.conf'),
        '-e', $self->path('error.log'));
}


sub _launch ($self) {
    my @command = (_path_of($program), $self->_arguments);

    unshift @command, Otter::Valgrind::command($self->{folder})
        if under_valgrind();

    $self->{pid} = fork // croak "fork: $!";

    if (!$self->{pid}) {
        # Of its own process group: what stays behind can be seen.
        setpgrp;
        open STDIN,  '<',  '/dev/null' or die "stdin: $!";
        open STDOUT, '>>', $self->path('stdout') or die "stdout: $!";
        open STDERR, '>&', \*STDOUT or die "stderr: $!";
        exec @command or die "$command[0]: $!";
    }
}


# Where the shell would find it: for an upgrade nginx executes what it was
# called by, and does not search for it.

sub _path_of ($name) {
    return $name if $name =~ /\//;

    return (grep { -x } map { "$_/$name" } split /:/, $ENV{PATH})[0] // $name;
}


sub _comes_up ($self) {
    my $workers = $self->{workers} // 1;

    $self->_follow_daemon if ($self->{daemon} // 'off') eq 'on';

    $self->{up} = eventually(15, sub {
        return 1 if $self->_is_gone;
        return -s $self->path('nginx.pid')
            && $self->worker_pids >= $workers;
    }) && !$self->{gone};

    return $self->{up};
}


sub _is_gone ($self) {
    return $self->{gone} ||= $self->{group} ? !Otter::Proc::lives($self->{pid})
        : waitpid($self->{pid}, 1) == $self->{pid};
}


# What was started ends when the daemon is there, in a group of its own.

sub _follow_daemon ($self) {
    eventually(15, sub { waitpid($self->{pid}, 1) == $self->{pid} })
        or croak 'nginx did not become a daemon';

    $self->{pid} = $self->_pid_file || return $self->{gone} = 1;
    $self->{group} = $self->{pid};
}


sub _pid_file ($self) {
    return $self->read('nginx.pid') =~ /^(\d+)$/m ? $1 : 0;
}


# Has another binary take over (USR2), and returns the old master, which goes
# on until it is told to quit.  The option daemon must be "on".

sub upgrade ($self) {
    my $old   = $self->{pid};
    my $count = $self->{workers} // 1;

    kill USR2 => $old;

    eventually(15, sub {
        my $new = $self->_pid_file;

        return $new && $new != $old
            && Otter::Proc::children($new) >= $count;
    }) or croak 'no new binary came up';

    $self->{pid} = $self->_pid_file;

    return $old;
}


# One of the two masters quits; the other one is this nginx from then on.

sub retire ($self, $quits, $stays, $seconds = 15) {
    kill QUIT => $quits;
    $self->{pid} = $stays;

    return eventually($seconds, sub { !Otter::Proc::lives($quits) });
}


sub path ($self, $name)           { return "$self->{folder}/$name" }
sub pid ($self)                   { return $self->{pid} }
sub key ($self)                   { return $self->{keys}[0] }
sub port ($self, $name = 'main')  { return $self->{port}{$name} }
sub api_key ($self, $id = 'main') { return $self->{api_key}{$id} }
sub conf ($self)                  { return $self->{conf} }


# An HTTP client of this nginx.  Options: port (a name), http2, tls, prefix.

sub http ($self, %option) {
    my $name = $option{port} // ($option{http2} ? 'http2'
        : $option{tls} ? 'tls' : 'main');

    return Otter::HTTP->new(
        prefix => $self->{prefix} // '/otter/',
        %option,
        port => $self->port($name),
    );
}


# A WebSocket to this nginx: see Otter::WebSocket.

sub websocket ($self, %option) {
    my $name = delete $option{port} // ($option{tls} ? 'tls' : 'main');

    return Otter::WebSocket->open(
        path => ($self->{prefix} // '/otter/') . 'ws',
        %option,
        port => $self->port($name),
    );
}


sub worker_pids ($self) {
    return Otter::Proc::children($self->{pid});
}


# The processes that follow the files of keys: one, but for a moment.

sub keeper_pids ($self) {
    return Otter::Proc::titled($self->{group} // $self->{pid},
        'nginx: otter keeper');
}


# The worker that serves a client's connection.

sub worker_of ($self, $socket) {
    return Otter::Proc::owner_of_connection($socket->ports,
        $self->worker_pids) || croak 'no worker has that connection';
}


# One client of each worker, by its process.

sub http_of_workers ($self, %option) {
    my %client;
    my @spare;

    for (1 .. 500) {
        my $http = $self->http(%option, kept => 1);

        $http->get('health');

        my $pid = $self->worker_of($http->kept_socket);

        # What is not taken is kept open: then it is another's turn.
        push @spare, $http if $client{$pid};
        $client{$pid} //= $http;

        return \%client if keys %client == $self->worker_pids;
    }

    croak 'a worker takes no connection';
}


sub signal ($self, $name) {
    kill $name => $self->{pid};
}


# Reloads, and waits until the new workers are there.

sub reload ($self) {
    my %old   = map { $_ => 1 } $self->worker_pids;
    my $count = $self->{workers} // 1;

    $self->signal('HUP');

    eventually(10, sub {
        return $count <= grep { !$old{$_} } $self->worker_pids;
    }) or croak 'the reload brought no new workers';

    return;
}


# Waits until no worker but the newest ones is left.

sub old_workers_leave ($self, $seconds) {
    my $count = $self->{workers} // 1;

    return eventually($seconds, sub { $self->worker_pids == $count });
}


# Kills one worker as the kernel would, and waits for the one that follows.

sub kill_worker ($self, $pid) {
    my $count = $self->worker_pids;

    $self->allow_log(qr/worker process $pid exited on signal 9/);
    $self->allow_log(qr/shared memory zone "\w+" was locked by $pid/);

    kill KILL => $pid;

    return eventually(5, sub {
        my @now = $self->worker_pids;

        return @now == $count && !grep { $_ == $pid } @now;
    }) || croak "no worker followed $pid";
}


sub error_log ($self)  { return $self->read('error.log') }
sub access_log ($self) { return $self->read('access.log') }


# The text of a file in this nginx's folder; empty when it isn't there.

sub read ($self, $name) {
    open my $file, '<:raw', $self->path($name) or return '';
    local $/;

    return scalar readline $file;
}


# Waits for a line in the error log, or another file.

sub logs ($self, $pattern, %option) {
    my $name = $option{file} // 'error.log';

    return eventually($option{timeout} // 3,
        sub { $self->read($name) =~ $pattern });
}


# A line that this test brings about on purpose.

sub allow_log ($self, $pattern) {
    push @{ $self->{allowed} }, $pattern;
}


sub log_faults ($self) {
    my @lines = grep { /\[(?:alert|crit|emerg)\]|open socket|\bleak/ }
        split /\n/, $self->error_log;

    for my $allowed (@{ $self->{allowed} }) {
        @lines = grep { $_ !~ $allowed } @lines;
    }

    return join "\n", @lines;
}


# Ends nginx as an administrator would, and judges what it leaves.

sub finish ($self) {
    Otter::WebSocket->drop_all;

    $self->signal('QUIT') if !$self->_is_gone;

    local $Test::Builder::Level = $Test::Builder::Level + 2;

    Test::More::ok(eventually(15, sub { $self->_is_gone }),
        'nginx quits when asked');

    # Of an nginx that was killed, init reaps the workers, in its own time.
    my $group = $self->{group} // $self->{pid};

    Test::More::ok(eventually(5, sub { !Otter::Proc::group($group) }),
        'no process is left');
    Test::More::is($self->log_faults, '', 'the error log has no alert');

    Test::More::is(Otter::Valgrind::faults($self->{folder}), '',
        'valgrind finds no fault') if under_valgrind();

    $self->_kill;
}


sub finish_all ($class) {
    $_->finish for splice @running;
}


sub _kill ($self) {
    kill KILL => -($self->{group} // $self->{pid}) if $self->{pid};
    waitpid $self->{pid}, 0 if $self->{pid} && !$self->{gone};
    $self->{gone} = 1;
}


# A test that is stopped leaves nothing behind either.
for my $name (qw(HUP INT TERM)) {
    $SIG{$name} //= sub ($signal) { exit 130 };
}


END {
    local $?;

    # What is left here belongs to a test that died.
    for my $nginx ($$ == $owner ? @running : ()) {
        Test::More::diag($nginx->log_faults);
        $nginx->_kill;
    }
}


1;

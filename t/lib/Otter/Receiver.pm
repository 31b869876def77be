package Otter::Receiver;

# An endpoint of webhooks on loopback: it answers as it is told to, and writes
# down every request.
#
#     my $receiver = Otter::Receiver->start;
#     $receiver->answer(hook => 503, headers => ['Retry-After: 2']);
#     my @requests = $receiver->requests('hook');
#
# It goes on where it was after a restart.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::IP;
use Otter::Conf qw(free_port);
use Otter::JSON qw(from_json to_json);
use Otter::Keys qw(write_private);
use Otter::Timing qw(eventually);
use Time::HiRes qw(sleep time);


# start(host => ..., port => ...), else a free port of 127.0.0.1

sub start ($class, %option) {
    my $self = bless {
        folder => tempdir('otter-receiver-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        host   => $option{host} // '127.0.0.1',
        port   => $option{port} // free_port(),
        owner  => $$,
    }, $class;

    $self->come;

    return $self;
}


sub port ($self)       { return $self->{port} }
sub url ($self, $name) { return "http://$self->{host}:$self->{port}/$name" }


# What requests to /name get: a status, some of them (percent), after seconds,
# with more headers, and a body of that size.  The others get 204.

sub answer ($self, $name, $status, %option) {
    write_private("$self->{folder}/.new", to_json({
        status  => $status,
        percent => $option{percent} // 100,
        after   => $option{after}   // 0,
        headers => $option{headers} // [],
        size    => $option{size}    // 0,
    }));
    rename "$self->{folder}/.new", "$self->{folder}/$name.answer"
        or croak "rename: $!";
}


# Every request so far: { path, id, timestamp, signature, body, status, ... }

sub requests ($self, $name) {
    open my $file, '<:raw', "$self->{folder}/log" or return;

    return grep { $_->{path} eq "/$name" }
        map { chomp; from_json($_) } grep { /\n\z/ } readline $file;
}


# Waits until there are so many; returns all.

sub wait_for ($self, $name, $count, $seconds = 15) {
    my @requests;

    eventually($seconds, sub {
        @requests = $self->requests($name);
        sleep 0.05 if @requests < $count;
        return @requests >= $count;
    }) or croak scalar @requests . " requests to $name, expected $count";

    return @requests;
}


sub go_away ($self) {
    my $pid = delete $self->{pid} // return;

    kill KILL => $pid;
    waitpid $pid, 0;
}


sub come ($self) {
    my $listen = IO::Socket::IP->new(
        LocalHost => $self->{host},
        LocalPort => $self->{port},
        Listen    => 128,
        ReuseAddr => 1,
    ) or croak "listen on port $self->{port}: $@";

    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    $SIG{$_} = 'DEFAULT' for qw(HUP INT TERM);
    $SIG{PIPE} = 'IGNORE';

    eval { $self->_serve($listen) };
    print {*STDERR} $@;
    kill KILL => $$;
}


sub _serve ($self, $listen) {
    my $select = IO::Select->new($listen);
    my (%buffer, @later);

    open $self->{log}, '>>:raw', "$self->{folder}/log" or die "log: $!";
    srand;

    while (1) {
        for my $socket ($select->can_read(@later ? 0.01 : 1)) {
            if ($socket == $listen) {
                my $new = $listen->accept // next;

                $select->add($new);
                $buffer{ fileno $new } = '';
                next;
            }

            my $buffer = \$buffer{ fileno $socket };

            if (!sysread $socket, $$buffer, 65536, length $$buffer) {
                $select->remove($socket);
                close $socket;
                next;
            }

            while (my @request = _request($buffer)) {
                push @later, [$socket, $self->_answer(@request)];
            }
        }

        my $now = time;
        my @ready = grep { $_->[1] <= $now && $_->[0]->opened } @later;

        @later = grep { $_->[1] > $now } @later;
        syswrite $_->[0], $_->[2] for @ready;
    }
}


# One whole request is taken out of the buffer: path, headers, body.

sub _request ($buffer) {
    my ($head) = $$buffer =~ /\A(.*?\r\n\r\n)/s or return;
    my ($size) = $head =~ /^content-length:\s*(\d+)/im;

    return if length $$buffer < length($head) + ($size // 0);

    my $request = substr $$buffer, 0, length($head) + ($size // 0), '';

    return $request =~ /\A\S+ (\S+) [^\r]*\r\n(.*?)\r\n\r\n(.*)\z/s;
}


# When to say what; the request is on record before.

sub _answer ($self, $path, $headers, $body) {
    my %header = map { lc($1) => $2 if /^([^:]+):\s*(.*?)\s*$/ }
        split /\r\n/, $headers;
    my $rule   = $self->_rule($path);
    my $status = rand 100 < $rule->{percent} ? $rule->{status} : 204;

    syswrite $self->{log}, to_json({
        path      => $path,
        time      => time,
        status    => $status,
        id        => $header{'webhook-id'},
        timestamp => $header{'webhook-timestamp'},
        signature => $header{'webhook-signature'},
        type      => $header{'content-type'},
        host      => $header{host},
        body      => $body,
    }) . "\n";

    my $text = $status == 204 ? '' : 'x' x $rule->{size};

    return time + $rule->{after}, join "\r\n", "HTTP/1.1 $status Told",
        ($status == 204 ? () : 'Content-Length: ' . length $text),
        ($status == 204 ? () : @{ $rule->{headers} }), '', $text;
}


sub _rule ($self, $path) {
    open my $file, '<:raw', "$self->{folder}$path.answer"
        or return { status => 204, percent => 0, after => 0 };
    local $/;

    return from_json(readline $file);
}


sub DESTROY ($self) {
    local $?;

    $self->go_away if $self->{owner} == $$;
}


1;

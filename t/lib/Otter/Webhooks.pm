package Otter::Webhooks;

# otter-webhooks on a real Redis, with quick retries, and the checking of what
# it sends.
#
#     my $webhooks = Otter::Webhooks->new(redis => $redis, endpoints => {
#         hook => { url => $receiver->url('hook'), secret => [SECRET] },
#     });
#     my $pid = $webhooks->run;         # ended with the object

use v5.36;

use Carp qw(croak);
use Digest::SHA qw(hmac_sha256_base64);
use Exporter 'import';
use File::Temp qw(tempdir);
use MIME::Base64 qw(decode_base64);
use Otter::Command qw(run);
use Otter::Events qw(SHARDS shard_of);
use Otter::JSON qw(from_json);
use Otter::Keys qw(write_private);
use Otter::Paths qw($root);
use Otter::Timing qw(eventually);
use Time::HiRes ();

our @EXPORT_OK = qw(SECRET body_of is_signed signatures);

use constant SECRET => 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

our $program = ($ENV{OTTER_BUILD} || "$root/build") . '/bin/otter-webhooks';


# conf: settings before the endpoints, over those for tests

sub new ($class, %option) {
    my $self = bless {
        folder => tempdir('otter-webhooks-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        owner  => $$,
        pids   => {},
        %option,
    }, $class;

    $self->configure(%option);

    return $self;
}


sub path ($self) { return "$self->{folder}/conf" }


sub configure ($self, %option) {
    my %conf = (
        redis      => $self->{redis}->url,
        timeout    => '500ms',
        lease      => '1s',
        retry_base => '20ms',
        retry_max  => '200ms',
        attempts   => 50,
        %{ $option{conf} // $self->{conf} // {} },
    );
    my $endpoints = $option{endpoints} // $self->{endpoints};
    my $text = join '', map { "$_ = $conf{$_}\n" } sort keys %conf;

    for my $name (sort keys %$endpoints) {
        my %endpoint = (
            secret        => [SECRET],
            allow_http    => 'on',
            allow_private => 'on',
            %{ $endpoints->{$name} },
        );

        $text .= "\n[endpoint $name]\n";

        for my $setting (sort keys %endpoint) {
            my $value = $endpoint{$setting};

            $text .= "$setting = $_\n" for ref $value ? @$value : $value;
        }
    }

    write_private($self->path, $text);
}


# Starts one more worker, and waits until it is ready; its process id.

sub run_worker ($self) {
    my $log = "$self->{folder}/log";

    my $pid = fork // croak "fork: $!";

    if (!$pid) {
        open STDIN,  '<', '/dev/null' or die "stdin: $!";
        open STDERR, '>>', $log or die "stderr: $!";
        open STDOUT, '>&', \*STDERR or die "stdout: $!";
        exec $program, '--config', $self->path, '--verbose'
            or die "$program: $!";
    }

    $self->{pids}{$pid} = 1;

    return $pid;
}


# The same, until every stream has a group, so that nothing is missed.

sub start ($self) {
    my $pid = $self->run_worker;

    eventually(15, sub {
        return !grep { !$self->_has_group($_) } 0 .. SHARDS - 1;
    }) or croak 'otter-webhooks does not start: ' . $self->log;

    return $pid;
}


sub _has_group ($self, $shard) {
    my $stream = ($self->{conf}{prefix} // 'otter:') . "{events:$shard}";
    my $groups = eval {
        $self->{redis}->command('XINFO', 'GROUPS', $stream);
    } // return 0;

    return scalar grep { { @$_ }->{name} eq 'webhooks' } @$groups;
}


# The exit status, or -1 for one that had to be killed.

sub stop ($self, $pid, $signal = 'TERM') {
    delete $self->{pids}{$pid};
    kill $signal => $pid;

    my $gone = eventually(20, sub { waitpid($pid, 1) == $pid });
    my $status = $?;

    return $status if $gone;

    kill KILL => $pid;
    waitpid $pid, 0;

    return -1;
}


sub log ($self) {
    open my $file, '<', "$self->{folder}/log" or return '';
    local $/;

    return readline($file) // '';
}


# "otter webhooks ...": what it prints as JSON

sub command ($self, @words) {
    my $result = $self->try_command(@words, '--json');

    croak "otter webhooks @words: exit $result->{exit}: $result->{stderr}"
        if $result->{exit};

    return from_json($result->{stdout});
}


sub try_command ($self, @words) {
    require Otter::Paths;

    my ($action, @rest) = @words;

    return run($Otter::Paths::command, 'webhooks', $action, '--config',
        $self->path, @rest);
}


# An event as nginx writes it.

sub emit ($self, $room, $type = 'room.updated', %field) {
    my $n = ++$self->{n}{$room};
    my $now = int(Time::HiRes::time() * 1000);
    my %event = (
        type => $type, room => $room, n => $n, time => $now, opened => $now,
        peers => 0, max => 8, locked => 0, lobby => 0, relay => 0, exp => 0,
        meta => '', peer => '', key => '', reason => '', %field,
    );
    my $stream = ($self->{conf}{prefix} // 'otter:')
        . '{events:' . shard_of($room) . '}';

    return 'evt_' . shard_of($room) . '_'
        . $self->{redis}->command('XADD', $stream, '*', %event);
}


sub body_of ($request) {
    return from_json($request->{body});
}


sub signatures ($request) {
    return split / /, $request->{signature};
}


# 1: one of the signatures was made with the secret, as the standard has it

sub is_signed ($request, $secret = SECRET) {
    my $key = decode_base64($secret =~ s/^whsec_//r);
    my $own = hmac_sha256_base64(
        "$request->{id}.$request->{timestamp}.$request->{body}", $key);

    return abs($request->{time} - $request->{timestamp}) < 10
        && scalar grep { $_ eq "v1,$own=" } signatures($request);
}


sub DESTROY ($self) {
    local $?;

    return if $self->{owner} != $$;

    kill KILL => keys %{ $self->{pids} };
    waitpid $_, 0 for keys %{ $self->{pids} };
}


1;

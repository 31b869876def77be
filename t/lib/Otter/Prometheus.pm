package Otter::Prometheus;

# A real Prometheus that reads the given hosts once a second, with the rules
# of conf.d/.

use v5.36;

use Carp qw(croak);
use File::Temp qw(tempdir);
use Otter::Conf qw(free_port);
use Otter::HTTP;
use Otter::Paths qw($root);
use Otter::Timing qw(eventually);


# start(targets => ['127.0.0.1:1234', ...])

sub start ($class, %option) {
    my $self = bless {
        folder => tempdir('otter-prometheus-XXXXXX', TMPDIR => 1,
            CLEANUP => 1),
        port   => free_port(),
        owner  => $$,
    }, $class;

    my $conf = _text("$root/conf.d/prometheus/prometheus.yml");

    # The configuration as it is, but for the pace and the hosts.
    $conf =~ s/_interval: 15s/_interval: 1s/g;
    $conf =~ s{- otter\.rules}{- $root/conf.d/prometheus/otter.rules};
    $conf =~ s/^( +)- 127\.0\.0\.1:8080\n/
        join '', map { "$1- $_\n" } @{ $option{targets} }/em or croak 'targets';

    open my $file, '>', "$self->{folder}/prometheus.yml" or croak "conf: $!";
    print {$file} $conf;
    close $file or croak "conf: $!";

    $self->_launch;

    eventually(30, sub {
        eval { $self->http->get('/-/ready')->status == 200 } || $self->_ended
    }) && !$self->{ended}
        or croak 'no Prometheus: ' . _text("$self->{folder}/log");

    return $self;
}


sub _launch ($self) {
    $self->{pid} = fork // croak "fork: $!";

    return if $self->{pid};

    open STDIN,  '<',  '/dev/null'           or die "stdin: $!";
    open STDOUT, '>',  "$self->{folder}/log" or die "stdout: $!";
    open STDERR, '>&', \*STDOUT              or die "stderr: $!";
    exec 'prometheus', "--config.file=$self->{folder}/prometheus.yml",
        "--storage.tsdb.path=$self->{folder}/data",
        "--web.listen-address=127.0.0.1:$self->{port}"
        or die "prometheus: $!";
}


sub http ($self) {
    return Otter::HTTP->new(port => $self->{port});
}


# The samples that a query has now; croaks when it is none.

sub query ($self, $expression) {
    my $query = $expression =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
    my $answer = $self->http->get("/api/v1/query?query=$query")->json;

    croak "$expression: $answer->{error}" if $answer->{status} ne 'success';

    return @{ $answer->{data}{result} };
}


sub rules ($self) {
    my $answer = $self->http->get('/api/v1/rules')->json;

    return map { @{ $_->{rules} } } @{ $answer->{data}{groups} };
}


sub _ended ($self) {
    return $self->{ended} ||= waitpid($self->{pid}, 1) == $self->{pid};
}


sub _text ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return readline($file) // '';
}


sub DESTROY ($self) {
    local $?;

    return if $self->{owner} != $$ || $self->_ended;

    kill TERM => $self->{pid};
    eventually(10, sub { $self->_ended }) or kill KILL => $self->{pid};
    waitpid $self->{pid}, 0 if !$self->{ended};
}


1;

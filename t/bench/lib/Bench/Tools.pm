package Bench::Tools;

# What the benchmarks need around them: the programs built, the machine known,
# the cores kept free.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use Otter::JSON qw(from_json);
use Otter::Paths qw($module $root);
use POSIX ();

our @EXPORT_OK = qw(about build build_c isolate on_core);

my $here  = "$root/t/bench";
my $tools = "$root/build/bench";


# Runs this program again with the machine kept out, as far as root may: in a
# network namespace of its own (no other traffic, no connection tracking, all
# ports free), and in a session of its own, whose processes the scheduler
# prefers to all others.

sub isolate (@arguments) {
    return if $> != 0 || $ENV{OTTER_BENCH_ISOLATED}++;

    my $pid = fork // croak "fork: $!";

    if (!$pid) {
        POSIX::setsid();
        POSIX::nice(-20);
        _prefer_session();
        exec 'unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"',
            'sh', $^X, $0, @arguments
            or die "unshare: $!";
    }

    local $SIG{INT}  = sub { kill TERM => -$pid };
    local $SIG{TERM} = $SIG{INT};

    1 while waitpid($pid, 0) != $pid;

    exit($? >> 8 || $? & 127);
}


# Where sessions are scheduled as groups, a process's nice value counts only
# among those of its session.

sub _prefer_session () {
    open my $file, '>', '/proc/self/autogroup' or return;
    print {$file} -20;
    close $file;
}


# A prefix that keeps a command on one core: the server has 0, the generator 1.
# With $alone, which only root may ask for, no ordinary process gets in between;
# that is no use where processes of one server share the core.

sub on_core ($core, $alone) {
    return ($alone && $> == 0 ? qw(chrt -r 10) : (), qw(taskset -c), $core);
}


# Builds the generator and the C servers, installs the others, and keeps a copy
# of the module, so that building it anew does not change a run; returns the
# folder of programs and that of scripts.

sub build () {
    build_c();
    _run('cp', $module, $tools);
    _run('npm', 'ci', '--prefix', "$here/servers")
        if !-d "$here/servers/node_modules";

    return ($tools, "$here/servers");
}


sub build_c () {
    my @cc = qw(cc -std=c11 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -o);

    _run('mkdir', '-p', $tools);
    _run(@cc, "$tools/load", glob("$here/load/*.c"), qw(-lssl -lcrypto));
    _run(@cc, "$tools/floor", "$here/servers/floor.c", '-lcrypto');

    return $tools;
}


sub _run (@command) {
    system(@command) == 0 or croak "$command[0] failed";
}


# Machine and versions: [name, value] pairs.

sub about () {
    my ($cpu) = _read('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)/m;
    my $cores = () = _read('/proc/cpuinfo') =~ /^processor/mg;
    my ($kb)  = _read('/proc/meminfo') =~ /^MemTotal:\s*(\d+)/m;
    my ($os)  = _read('/etc/os-release') =~ /^PRETTY_NAME="(.*)"/m;
    my $npm   = from_json(_read("$here/servers/package.json"))->{dependencies};

    return (
        ['Machine', sprintf('%s, %d cores, %.0f GiB', $cpu, $cores,
            $kb / 1024 / 1024)],
        ['System', "$os, Linux " . _first('uname -r')],
        ['Otter', _first("git -C $root describe --always --dirty")],
        ['nginx', _first('nginx -v 2>&1') =~ s/.*nginx.//r],
        ['nchan', _first("dpkg-query -W -f '\${Version}' libnginx-mod-nchan")],
        ['Redis', _first('redis-server --version') =~ s/.*v=(\S+).*/$1/r],
        ['Node.js', _first('node --version')],
        map { [$_, $npm->{$_}] } sort keys %$npm,
    );
}


sub _first ($command) {
    my ($line) = qx({ $command; } 2>/dev/null);

    chomp($line //= 'none');

    return $line;
}


sub _read ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return scalar readline $file;
}


1;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Cwd qw(getcwd);
use File::Copy qw(copy);
use IO::Socket::IP;
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Paths qw($command);
use Test::More;

# Which containers "otter up" and "otter down" are about, and which program
# they ask: what that program would do is put down by one in its place here.
# t/docker/stack.sh has them do it.

my $bin  = file_in('bin');
my $said = file_in('said');
my $file = put('compose.yaml', "services: {}\n", 0644);
my $port = free_port();

mkdir $_ or die "$_: $!" for $bin, map { file_in($_) } qw(empty site);
mkdir file_in($_) or die "$_: $!"
    for qw(site/docker prefix prefix/bin prefix/share prefix/share/otter
        prefix/share/otter/docker);


# A program that says what it is asked, and of which a file tells what it is to
# answer: "version", "up", "ps", "down".

sub program ($name, %answer) {
    my $case = join "\n", map { "*' $_ '*) $answer{$_} ;;" } sort keys %answer;

    put("bin/$name", <<~"SH", 0755);
        #!/bin/sh
        echo "$name \$*" >> $said
        echo "port \$OTTER_PORT turn \$OTTER_TURN_PORT guests \$OTTER_GUESTS" \\
            >> $said.env
        case " \$* " in
        $case
        esac
        SH
}

sub programs (@names) {
    unlink glob "$bin/*";
    program($_->[0], @$_[1 .. $#$_]) for @names;
}


# In a folder, with no programs but those; what was asked is in $said.

sub compose (@arguments) {
    my %option = ref $arguments[0] ? %{ shift @arguments } : ();
    my $here   = getcwd();

    unlink $said, "$said.env";
    local $ENV{PATH} = $bin;
    chdir($option{in} // file_in('empty')) or die "chdir: $!";

    my $result = Otter::Command::run($option{command} // $command, @arguments);

    chdir $here or die "chdir: $!";

    return $result;
}

sub asked () { return -e $said ? slurp($said) =~ s/^\S+(?: compose)? version\n//mgr : '' }


# A server that is well, as nginx in its container would be.

my $listen = IO::Socket::IP->new(Listen => 5, LocalHost => '127.0.0.1',
    LocalPort => $port) or die "listen: $@";
my $pid = fork // die "fork: $!";

if (!$pid) {
    while (my $client = $listen->accept) {
        my $body = '{"status":"ok"}';

        while (defined(my $line = readline $client)) {
            last if $line eq "\r\n";
        }

        print {$client} join "\r\n", 'HTTP/1.1 200 OK', 'Connection: close',
            'Content-Length: ' . length $body, '', $body;
        close $client;
    }
}

END { kill KILL => $pid if $pid }

my @all = (['docker'], ['docker-compose'], ['podman-compose']);


# Which program.
programs(@all);

my $result = compose('up', '--compose', $file, '--port', $port, '--json');

is($result->{exit}, 0, 'up') or diag $result->{stderr};
is($result->{stdout}, qq({"compose":"$file",)
    . qq("link":"http://localhost:$port/otter/room/demo"}\n), 'as JSON');
is(asked(), join('', map { "docker compose -p otter -f $file $_\n" }
    'ps -q', 'up -d'), 'docker compose');
like(slurp("$said.env"), qr/^port $port turn +guests on$/m,
    'the port is told, and guests may try it');

programs(['docker', version => 'exit 1'], @all[1, 2]);
compose('up', '--compose', $file, '--port', $port, '--turn-port', 4000);
is(asked(), join('', map { "docker-compose -p otter -f $file $_\n" }
    'ps -q', 'up -d'), 'docker-compose, if docker has no plugin');
like(slurp("$said.env"), qr/ turn 4000 /, 'the port of coturn is told');

programs($all[2]);
$result = compose('up', '--compose', $file, '--port', $port);
like($result->{stdout}, qr{^    http://localhost:$port/otter/room/demo$}m,
    'the link');
like($result->{stdout},
    qr/podman-compose -p otter -f \Q$file\E exec nginx cat/, 'and the key');
like(asked(), qr/^podman-compose -p otter/, 'podman-compose');

programs();
$result = compose('up', '--compose', $file);
is($result->{exit}, 1, 'none of them');
like($result->{stderr}, qr/docker-compose or podman-compose, and none/,
    'it says so');


# Which file.  In a checkout run.sh comes first, so that one elsewhere is asked.
copy($command, file_in('prefix/bin/otter')) or die "copy: $!";
chmod 0755, file_in('prefix/bin/otter');

my %elsewhere = (command => file_in('prefix/bin/otter'));

programs($all[0]);
$result = compose({%elsewhere}, 'up');
is($result->{exit}, 1, 'no file');
like($result->{stderr}, qr/no \.\/docker\/compose\.yaml and no \S+--compose|see --compose/,
    'it says where it looked');
is(asked(), '', 'nobody is asked');

my $installed = put('prefix/share/otter/docker/compose.yaml', '', 0644);
my $own       = put('site/docker/compose.yaml', '', 0644);

compose({%elsewhere}, 'up', '--port', $port);
like(asked(), qr/ -f \Q$installed\E up -d$/m, 'the installed one');
compose({ %elsewhere, in => file_in('site') }, 'up', '--port', $port);
like(asked(), qr/ -f \Q$own\E up -d$/m, 'one of the folder before it');
$result = compose('up', '--compose', file_in('none.yaml'));
is($result->{exit}, 1, 'one that is not there');
like($result->{stderr}, qr/none\.yaml: No such file/, 'it says so');


# What is up already, and what is not.
my $id = '0123456789ab';

programs(['docker', ps => "echo 'words first'; echo $id"]);
$result = compose('up', '--compose', $file);
is($result->{exit}, 1, 'up already');
like($result->{stderr}, qr/it is up already/, 'it says so');
unlike(asked(), qr/ up /, 'nothing is started');

$result = compose('down', '--compose', $file, '--json');
is($result->{exit}, 0, 'down');
is($result->{stdout}, qq({"compose":"$file"}\n), 'as JSON');
like(asked(), qr/ -f \Q$file\E down$/m, 'is asked for');

programs($all[0]);
$result = compose('down', '--compose', $file);
is($result->{exit}, 1, 'nothing is up');
like($result->{stderr}, qr/nothing of \Q$file\E is up/, 'it says so');

programs(['docker', up => 'echo no room >&2; exit 3']);
$result = compose('up', '--compose', $file, '--json');
is($result->{exit}, 1, 'they do not start');
like($result->{stderr}, qr/no room\n.*did not start/s, 'with the reason');
is($result->{stdout}, '', 'and no result');


# What is for run.sh.
for my $option (['--lan'], [qw(--lan-address 10.0.0.1)], [qw(--state x)]) {
    $result = compose('up', '--compose', $file, @$option);
    is($result->{exit}, 2, "@$option is not for containers");
    like($result->{stderr}, qr/for run\.sh/, 'it says so');
}

is(compose('down', '--compose', $file, '--state', 'x')->{exit}, 2,
    'nor is it when they end');

kill KILL => $pid;
waitpid $pid, 0;
undef $pid;

done_testing();

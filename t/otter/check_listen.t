use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Test;
use IO::Socket::IP;

# The ports that nginx is to listen on: whether they are free, another program
# has them, or nginx is reached there.

my %port = map { $_ => free_port() } qw(free taken six any udp);

my $program = $0;
my @taken   = (
    IO::Socket::IP->new(Listen => 5, LocalHost => '127.0.0.1',
        LocalPort => $port{taken}),
    IO::Socket::IP->new(Listen => 5, LocalHost => '::', V6Only => 0,
        LocalPort => $port{six}),
    IO::Socket::IP->new(Listen => 5, LocalHost => '0.0.0.0',
        LocalPort => $port{any}),
);

is(scalar(grep { $_ } @taken), 3, 'three ports are taken');


sub said ($report, $subject) {
    return join '; ', map { "$_->{level}: $_->{message}" }
        grep { $_->{subject} eq $subject } @{ $report->{findings} };
}

sub check ($conf) {
    return json_of(otter(qw(check --json --nginx-conf), $conf));
}


my $report = check(nginx_conf(<<"CONF"));
    listen 127.0.0.1:$port{free};
    listen 127.0.0.1:$port{taken};
    listen $port{six};
    listen 127.0.0.2:$port{any};
    listen [::1]:$port{any};
    listen unix:@{[ folder() ]}/socket;
    otter_signaling on;
    otter_guests on;
CONF

is(said($report, "127.0.0.1:$port{free}"),
    'ok: it is free for nginx, which does not run', 'a free one');

for my $address ("127.0.0.1:$port{taken}", $port{six},
    "127.0.0.2:$port{any}")
{
    like(said($report, $address),
        qr/\Aproblem: \S+ \(process $$\) listens there, so that nginx cannot/,
        "$address is taken");
}

like(finding($report, 'problem', qr/process $$/)->{remedy}, qr/another port/,
    'a remedy');
like(said($report, "[::1]:$port{any}"), qr/\Aok: it is free/,
    'another family is not taken');
ok(!(grep { $_->{subject} =~ /^unix:/ } @{ $report->{findings} }),
    'a socket in a folder is no port');


# What nginx does not take either is not looked for.
for my $wrong (0, 65536, '127.0.0.1:x', '[', '[::1]:99999') {
    $report = check(nginx_conf("listen $wrong; otter_signaling on;"));
    is(said($report, $wrong), '', "\"$wrong\" is no port");
    ok($report->{problems}, 'as nginx says');
}


# One that runs.

my $nginx = Otter::Nginx->start;
my $conf  = $nginx->path('nginx.conf');
my $own   = '127.0.0.1:' . $nginx->port;

like(said(check($conf), $own), qr/\Aok: nginx listens there, and is reached/,
    'a running nginx is reached');

my $text = $nginx->read('nginx.conf');
my $new  = '127.0.0.1:' . $port{free};

$text =~ s/listen \Q$own\E[^;]*;/$&\nlisten $new;/ or die 'no listen';

put('changed.conf', $text, 0644);

like(said(check(file_in('changed.conf')), $new),
    qr/\Awarning: nginx runs, but does not listen there/,
    'one that has not read its configuration yet');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# API keys in Redis, a lot of them: while nginx is reloaded, no request is
# refused because a new worker has not got them yet.  When Redis loses them all,
# they are refused.

use Otter::Command qw(run);
use Otter::Hosts;
use Otter::Paths qw($command);
use IO::Handle;
use POSIX ();

my $hosts = Otter::Hosts->start(hosts => 1, workers => 2);
my $nginx = $hosts->nginx(0);
my $redis = $hosts->redis;

my $result = run($command, qw(key create --id main --scopes token --json),
    '--redis', $redis->url);
my $key = from_json($result->{stdout})->{key};

sub status ($bearer) {
    return $nginx->http->post('token', { room => 'den' },
        bearer => $bearer)->status;
}

# So many that it takes a while to read them.
my $entry = $redis->command('HGET', 'otter:apikeys', 'main');

for my $n (1 .. 4000) {
    $redis->command('HSET', 'otter:apikeys', "key$n",
        $entry =~ s/"id":\s*"main"/"id":"key$n"/r);
}

ok(eventually(20, sub { status($key) == 200 }), 'the key is taken');

# Requests without a pause, each of which adds its status to a file.
my $pid = fork // die "fork: $!";

if (!$pid) {
    $SIG{TERM} = sub { POSIX::_exit(0) };
    open my $out, '>>', $nginx->path('answers') or POSIX::_exit(1);
    $out->autoflush;
    print {$out} status($key), "\n" while 1;
}

sub answers () {
    return -e $nginx->path('answers') ? split /\n/, $nginx->read('answers')
                                      : ();
}

for my $round (1 .. 5) {
    $nginx->reload;

    my $wanted = 20 + answers();

    ok(eventually(30, sub { answers() >= $wanted }), "reload $round");
}

kill TERM => $pid;
waitpid $pid, 0;

is_deeply([grep { $_ != 200 } answers()], [], 'all requests are answered');

is(status($key =~ s/.$/$& eq 'x' ? 'y' : 'x'/er), 401, 'a wrong one is not');

$redis->command('FLUSHALL');
ok(eventually(10, sub { status($key) == 401 }), 'nor one that Redis has lost');


done_testing;

# A companion tells systemd when it is ready and when it ends, ends on SIGTERM
# with status 0, also when Redis is away, and of several at once another goes
# on where it stopped.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);
use Test::More;

use Otter::Companion;
use Otter::Redis;
use Otter::Timing qw(eventually);

my $redis = Otter::Redis->start;

my $secret = $redis->path('turn.secret');

open my $file, '>', $secret or die "secret: $!";
print {$file} "a-secret-of-coturn\n";
close $file or die "secret: $!";
chmod 0600, $secret;

my %more = (
    'otter-reaper'   => '',
    'otter-turn'     => "realm = otter\nsecret_file = $secret\n",
    'otter-webhooks' => "[endpoint hook]\nurl = https://hook.example/\n"
        . "secret = whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
);

# What in Redis tells who of several is at work.
my %lease = (
    'otter-reaper'   => 'otter:usage:{u}:reaper',
    'otter-turn'     => 'otter:usage:{u}:lease',
    'otter-webhooks' => 'otter:{events:0}:lease',
);

my $path   = $redis->path('notify');
my $notify = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path)
    or die "notify: $!";

sub told ($seconds) {
    IO::Select->new($notify)->can_read($seconds) or return '';
    $notify->recv(my $text, 512);

    return $text;
}

sub start ($program, $url = $redis->url) {
    return Otter::Companion->start($program,
        "redis = $url\n$more{$program}");
}

sub holder ($program) {
    return $redis->command('GET', $lease{$program}) // '';
}


for my $program (sort keys %more) {
    {
        local $ENV{NOTIFY_SOCKET} = $path;
        my $one = start($program);

        is(told(20), 'READY=1', "$program tells that it is ready");
        ok(eventually(20, sub { holder($program) ne '' }), 'it is at work');
        ok($one->stop, 'it ends as it is asked to');
        is(told(1), 'STOPPING=1', 'and tells that it does');
        is(holder($program), '', 'it leaves its work to others');
        unlike($one->log, qr/secret-of-coturn|whsec_/, 'no secret is told');
    }

    my $away = start($program, 'redis://127.0.0.1:1');

    ok($away->logs(qr/Redis is away/, 20), 'Redis is away');
    ok($away->stop, 'it ends all the same');

    local $ENV{NOTIFY_SOCKET} = $path;
    my @both = map { start($program) } 1 .. 3;

    is(told(20), 'READY=1', 'several at once are ready') for @both;
    ok(eventually(20, sub { holder($program) ne '' }), 'one is at work');

    # Whoever it is that ends first, another has its work soon after.
    for my $n (0, 1) {
        ok($both[$n]->stop, 'one ends');
        is(told(1), 'STOPPING=1', 'and tells that it does');
        ok(eventually(8, sub { holder($program) ne '' }),
            'the work has somebody') or diag $both[2]->log;
    }

    ok($both[2]->stop, 'the last one ends');
    is(told(1), 'STOPPING=1', 'and tells that it does');
    is(holder($program), '', 'and leaves it');
}


done_testing();

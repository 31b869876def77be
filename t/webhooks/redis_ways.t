use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Companions reach Redis by all the ways that nginx does, and come back to it.

use Otter::Redis;
use Otter::Receiver;
use Otter::Sentinel;
use Otter::Webhooks;

my $receiver = Otter::Receiver->start;
my $redis = Otter::Redis->start(tls => 1, password => "p\@ss");
my $port = $redis->port;
my $login = ':p%40ss@';


# One event, by a Redis of that URL.

sub comes ($name, $url, $of = $redis) {
    my $webhooks = Otter::Webhooks->new(
        redis     => $of,
        conf      => { redis => $url, timeout => '3s', lease => '6s' },
        endpoints => { $name => { url => $receiver->url($name) } },
    );

    $webhooks->start;
    $webhooks->emit('den');
    ok(eventually(15, sub { scalar(my @r = $receiver->requests($name)) }),
        "an event comes: $name") or diag($webhooks->log);

    return $webhooks;
}


# What the worker says when it can't.

sub refused ($name, $url, $pattern) {
    my $webhooks = Otter::Webhooks->new(
        redis     => $redis,
        conf      => { redis => $url },
        endpoints => { none => { url => $receiver->url('none') } },
    );

    $webhooks->run_worker;
    ok(eventually(15, sub { $webhooks->log =~ $pattern }), "refused: $name")
        or diag($webhooks->log);
    unlike($webhooks->log, qr/p\@ss|p%40ss/, '... and no password is shown');
}


my $ca = $redis->path('ca.crt');

comes(plain => "redis://${login}127.0.0.1:$port");
comes(database => "redis://${login}127.0.0.1:$port/0?user=default");
comes(socket => 'unix:' . $redis->path('socket') . '?password=p%40ss');
comes(tls => "rediss://${login}localhost:@{[ $redis->tls_port ]}?ca=$ca");

refused('a wrong password', "redis://:wrong\@127.0.0.1:$port", qr/AUTH is refused/);
refused('no password', "redis://127.0.0.1:$port", qr/NOAUTH/);
refused('an unknown CA', "rediss://${login}localhost:@{[ $redis->tls_port ]}",
    qr/certificate verify failed/);
refused('another name', "rediss://${login}127.0.0.2:@{[ $redis->tls_port ]}?ca=$ca",
    qr/certificate verify failed|refused/);

# Sentinels say who the master is, and who follows it.

my $sentinel = Otter::Sentinel->start(sentinels => 3, replicas => 1);
my $watched = comes(sentinel => $sentinel->url, $sentinel->master);

$sentinel->master->kill;
ok(eventually(40, sub { $watched->log =~ /Redis is back/ }),
    'a replica that was made the master is found') or diag($watched->log);
undef $watched;

# It goes away and comes back, empty.

my $plain = Otter::Redis->start;
my $webhooks = comes(before => $plain->url, $plain);

$plain->stop;
ok(eventually(10, sub { $webhooks->log =~ /Redis is away/ }), 'it is away');
$plain->start_again;
ok(eventually(20, sub { $webhooks->log =~ /Redis is back/ }), 'it is back');
ok(eventually(20, sub {
    return eval { $webhooks->_has_group(15) && $webhooks->_has_group(0) };
}), 'there are groups again');
sleep 1;
$webhooks->emit('lodge');
ok(eventually(15, sub { 1 < (my @r = $receiver->requests('before')) }),
    'and events come');


done_testing;

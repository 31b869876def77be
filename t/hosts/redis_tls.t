use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# TLS to Redis: its certificate is verified, against the CA and the name, and
# the log says what is wrong with it.

use Otter::Hosts;
use Otter::Redis;

my $redis = Otter::Redis->start(tls => 1, password => 'secret');
my $other = Otter::Redis->start(tls => 1, tls_name => 'DNS:redis.example');
my $login = ':secret@';
my $port  = $redis->tls_port;
my $ca    = 'ca=' . $redis->path('ca.crt');

my %good = (
    'a name'     => "rediss://${login}localhost:$port?$ca",
    'an address' => "rediss://${login}127.0.0.1:$port?$ca",
    'another name' => 'rediss://127.0.0.1:' . $other->tls_port
        . '?name=redis.example&ca=' . $other->path('ca.crt'),
    'tls=on'     => "redis://${login}localhost:$port?tls=on&$ca",
    'whatever it is, if that is asked for' =>
        "rediss://${login}localhost:$port?verify=off",
);

for my $name (sort keys %good) {
    my $hosts = Otter::Hosts->start(redis => $redis, hosts => 1,
        urls => $good{$name});

    pass($name);
    $hosts->nginx(0)->finish;
}

my %bad = (
    'a CA that nobody knows' => ["rediss://${login}localhost:$port",
        qr/its certificate is not trusted: /],
    'another CA' => ["rediss://${login}localhost:$port?ca="
            . $other->path('ca.crt'), qr/its certificate is not trusted: /],
    'another name' => ['rediss://localhost:' . $other->tls_port . '?ca='
            . $other->path('ca.crt'),
        qr/its certificate is that of another server/],
    'another address' => ['rediss://127.0.0.1:' . $other->tls_port . '?ca='
            . $other->path('ca.crt'),
        qr/its certificate is that of another server/],
    'no TLS there' => ['rediss://127.0.0.1:' . $redis->port . "?$ca",
        qr/the TLS handshake (?:failed|timed out)/],
    'TLS there' => ["redis://${login}127.0.0.1:$port",
        qr/the server closed it|does not answer|protocol of Redis/],
);

for my $name (sort keys %bad) {
    my ($url, $word) = @{ $bad{$name} };
    my $hosts = Otter::Hosts->start(redis => $redis, hosts => 1,
        urls => $url, health => 'degraded');

    ok($hosts->nginx(0)->logs(qr/redis \S+ \(commands\): $word/), $name)
        or diag($hosts->nginx(0)->error_log);
    $hosts->nginx(0)->finish;
}


done_testing;

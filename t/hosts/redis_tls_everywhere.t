use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# TLS to sentinels and the server that they name, and to all nodes of a
# cluster; sentinels with the password of the servers, and with their own.

use Otter::Cluster;
use Otter::Hosts;
use Otter::Sentinel;


sub works ($name, $redis, $url) {
    my $hosts = Otter::Hosts->start(redis => $redis, hosts => 1,
        urls => $url);

    ok(Otter::Peer->enter($hosts, 'alice')->id, $name);
    $hosts->nginx(0)->finish;
}


my $sentinel = Otter::Sentinel->start(tls => 1, sentinels => 1, replicas => 0,
    password => 'secret', sentinel_password => 'other');

works('Sentinel', $sentinel, $sentinel->url);
undef $sentinel;

$sentinel = Otter::Sentinel->start(sentinels => 1, replicas => 0,
    password => 'secret', sentinel_password => 'secret');

works('sentinels with the password of the servers', $sentinel,
    $sentinel->url =~ s/\?.*//r);
undef $sentinel;

my $cluster = Otter::Cluster->start(masters => 2, tls => 1,
    password => 'secret');

works('Cluster', $cluster, $cluster->url(tls => 1));


done_testing;

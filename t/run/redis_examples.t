# The configurations of conf.d/redis/ and of nginx for them work with each
# other: one Redis, Sentinel, and a cluster.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

use Otter::Command qw(output_of);
use Otter::Conf qw(free_port);
use Otter::Keys qw(write_private);
use Otter::Redis;
use Otter::Source qw(content);


# The file of an example, with what a test can't have as it is taken out.

sub lines ($file, %with) {
    my $text = content("conf.d/redis/$file") =~ s/^(?:#.*)?\n//mgr;

    $text =~ s/^(?:bind|port|dir|protected-mode) .*\n//mg;
    $text =~ s/\Q$_\E/$with{$_}/g for keys %with;

    return split /\n/, $text;
}


# nginx with the line of an example, and hosts that this machine has.

sub works ($name, @at) {
    my $text = content("conf.d/nginx/$name.conf") =~ s/^#.*\n//mgr;
    my $secrets = $at[0]->path('');

    write_private("${secrets}redis.password", "CHANGE-ME-OTTER\n");
    write_private("${secrets}sentinel.password", "CHANGE-ME-SENTINEL\n");

    my @ports = map { $_->port } @at;

    $text =~ s{/etc/otter/}{$secrets/}g;
    $text =~ s/redis\d?\.example\.org(?::\d+)?/'127.0.0.1:' . shift @ports/ge;

    my $nginx = Otter::Nginx->start(http => $text,
        keys => [Otter::Key->hs256('test')]);

    ok(eventually(20, sub {
        return $nginx->http->get('health')->json->{status} eq 'ok';
    }), "$name: health says ok") or diag($nginx->error_log);

    my $alice = Otter::Peer->enter($nginx, 'alice');

    ok($alice->id, "$name: one may join");
    $nginx->finish;
}


my $redis = Otter::Redis->start(password => 'CHANGE-ME-ADMIN',
    conf => [lines('redis.conf')]);

works('redis', $redis);
like($redis->info('db0') // '', qr/keys=/, 'something is there');

# a master, its replica, and three sentinels

my $master  = Otter::Redis->start(password => 'CHANGE-ME-ADMIN',
    conf => [lines('redis.conf'), lines('replicated.conf')]);
my $replica = Otter::Redis->start(password => 'CHANGE-ME-ADMIN',
    conf => [lines('redis.conf'), lines('replicated.conf'),
        'replicaof 127.0.0.1 ' . $master->port]);
my @sentinels = map { Otter::Redis->start(sentinel => 1, password => 'CHANGE-ME-SENTINEL', conf => [lines('sentinel.conf',
            '127.0.0.1 6379' => '127.0.0.1 ' . $master->port)])
} 1 .. 3;

ok(eventually(20, sub {
    return ($replica->info('master_link_status') // '') eq 'up';
}), 'the replica has its data');
works('sentinel', @sentinels);

# three nodes: without replicas, which take long to come

my @nodes = map { Otter::Redis->start(password => 'CHANGE-ME-ADMIN', conf => [lines('redis.conf'),
        lines('cluster.conf'), 'cluster-port ' . free_port()])
} 1 .. 3;

$_->command('CLUSTER', 'RESET') for @nodes;

for my $n (0 .. 2) {
    my ($bus) = $nodes[0]->command('CONFIG', 'GET', 'cluster-port')->[1];

    $nodes[$n]->command('CLUSTER', 'ADDSLOTSRANGE', int(16384 * $n / 3),
        int(16384 * ($n + 1) / 3) - 1);
    $nodes[$n]->command('CLUSTER', 'SET-CONFIG-EPOCH', $n + 1);
    $nodes[$n]->command('CLUSTER', 'MEET', '127.0.0.1', $nodes[0]->port, $bus)
        if $n;
}

ok(eventually(20, sub {
    return !grep { $_->command('CLUSTER', 'INFO') !~ /cluster_state:ok/
        || $_->command('CLUSTER', 'INFO') !~ /cluster_known_nodes:3/ } @nodes;
}), 'the cluster is whole');
works('cluster', @nodes);


done_testing;

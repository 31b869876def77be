use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter-turn says what is wrong with its configuration, with file and line, and
# rotates once when it is asked to.

use Otter::Companion;
use Otter::Redis;

my $redis = Otter::Redis->start;
my $url   = $redis->url;
my $secret = $redis->path('turn.secret');

sub says ($conf, $pattern) {
    my $result = Otter::Companion->once('otter-turn', $conf, '--check');

    is($result->{exit}, 2, 'refused');
    like($result->{stderr}, $pattern, "as it says: $pattern");
}

says("redis = $url\n", qr/"realm" is missing/);
says('', qr/nothing to do/);
says("uri = turn:127.0.0.1\n", qr/"health_file" is needed/);
says("uri = http:127.0.0.1\n", qr/conf, line 1: .*must be a URI/);
says("redis = $url\nrealm = otter\nrotate = 0s\n", qr/conf, line 3: /);
says("redis = $url\nrealm = otter\nttl = soon\n", qr/conf, line 3: /);
says("redis = $url\nrealm = otter\ncolour = blue\n", qr/conf, line 3: .*colour/);
says("redis = $url\nrealm = otter\nprefix = a{b\n", qr/conf, line 3: .*braces/);
says("redis = $url\ncoturn_redis = cluster://127.0.0.1:1\nrealm = otter\n",
    qr/knows no cluster/);
says(join('', map { "uri = turn:host-$_\n" } 1 .. 65), qr/conf, line 65: .*too many/);

is(Otter::Companion->once('otter-turn', <<~CONF, '--check')->{exit}, 0,
    health_file = /tmp/health
    ${\ join "\n", map { "uri = turn:host-$_" } 1 .. 64 }
    CONF
    'as many servers as there may be');

my $good = <<~CONF;
    redis = $url
    realm = otter
    secret_file = $secret
    rotate = off
    CONF

sub rotates () { return Otter::Companion->once('otter-turn', $good, '--once') }

sub lines () {
    open my $file, '<', $secret or return;
    return map { s/\n//r } readline $file;
}

my (@signs, %signed);

for (1 .. 9) {
    my $result = rotates();

    is($result->{exit}, $_ < 9 ? 0 : 1, "rotation $_") or diag $result->{stderr};
    unshift @signs, (lines())[0];
}

like(rotates()->{stderr}, qr/too many secrets are valid/, 'and no further');
is(scalar lines(), 8, 'nginx reads as many lines as there may be');
is_deeply([sort @{ $redis->command('SMEMBERS', 'turn/realm/otter/secret') }],
    [sort(lines())], 'coturn has the same');
$signed{$_}++ for @signs;
is(scalar keys %signed, 8, 'each was another');

$redis->command('FLUSHALL');

my @before = lines();
my $turn   = Otter::Companion->start('otter-turn', $good);

ok(eventually(10, sub {
    8 == @{ $redis->command('SMEMBERS', 'turn/realm/otter/secret') };
}), 'a set that Redis lost is made again from the file');
is((lines())[0], $before[0], 'and the same one signs');

$redis->stop;
ok($turn->logs(qr/coturn's Redis: /), 'Redis away is told');
is(scalar lines(), 8, 'and changes nothing');
ok($turn->stop, 'it ends all the same');

my $none = rotates();

is($none->{exit}, 1, 'no rotation without Redis');
like($none->{stderr}, qr/coturn's Redis/, 'as it says');


done_testing;

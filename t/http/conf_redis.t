use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# URLs of Redis that make sense, and those that don't: these fail "nginx -t"
# with file, line and reason, and never with a password.

use Otter::Redis;

my $redis = Otter::Redis->start(tls => 1);
my $ca    = $redis->path('ca.crt');


sub tried ($urls) {
    my $check = Otter::Nginx->check(http => "\notter_redis $urls;\n",
        keys => [], secrets => { password => "0123456789abcdef\n" });
    my ($before) = $check->{conf} =~ /^(.*?)^[ ]*otter_redis/ms;

    return ($check->{ok}, $before =~ tr/\n// + 1, $check->{output});
}


for my $urls (
    'redis://127.0.0.1',
    'REDIS://127.0.0.1:6379/0',
    'redis://[::1]:6379/65535',
    'redis://user:pass%40word@localhost:6379/3',
    'redis://:password@127.0.0.1',
    '"redis://127.0.0.1?user=a&password=b&db=3"',
    '"redis://127.0.0.1?password_file=%prefix%/password"',
    "rediss://127.0.0.1?ca=$ca",
    "\"redis://127.0.0.1?tls=on&name=redis.example&ca=$ca\"",
    'rediss://127.0.0.1?verify=off',
    'unix:/run/redis/socket',
    'unix:/run/redis/socket?db=2',
    'unix:/run/one unix:/run/two',
    'redis://127.0.0.1:1 redis://127.0.0.1:2',
    'redis://:a@127.0.0.1:1/1 redis://:a@127.0.0.1:2/1',
    'redis://:a@127.0.0.1:1/1 redis://127.0.0.1:2',
    'sentinel://127.0.0.1/main',
    'sentinel://:a@127.0.0.1,127.0.0.2:7/main/3',
    'sentinel://127.0.0.1/main sentinel://127.0.0.2/main',
    '"sentinel://127.0.0.1/main?sentinel_user=a&sentinel_password=b"',
    "sentinels://127.0.0.1/main?ca=$ca",
    'cluster://127.0.0.1',
    'cluster://a:b@127.0.0.1:7000,[::1]:7001',
    'cluster://127.0.0.1 cluster://127.0.0.2',
    "clusters://127.0.0.1?ca=$ca",
) {
    my ($ok, undef, $output) = tried($urls);

    ok($ok, "accepted: $urls") or diag($output);
}

my %wrong = (
    'http://127.0.0.1' => 'it must begin with',
    '127.0.0.1:6379' => 'it must begin with',
    'redis://' => 'no host',
    'redis://127.0.0.1:0' => 'invalid port',
    'redis://127.0.0.1:65536' => 'invalid port',
    'redis://127.0.0.1/65536' => 'the database must be a number',
    'redis://127.0.0.1/x' => 'the database must be a number',
    'redis://hidden@127.0.0.1' => 'a password must follow',
    'redis://hidden:@127.0.0.1' => 'the user has no password',
    'redis://:hid/den@127.0.0.1' => 'must be percent-encoded',
    'redis://:hidden%2@127.0.0.1' => 'two hexadecimal digits',
    'redis://127.0.0.1?what=1' => 'it takes db, user',
    'redis://127.0.0.1?db' => 'must come name=value',
    'redis://127.0.0.1?tls=off' => '"tls" takes "on" alone',
    'redis://127.0.0.1?verify=off' => 'TLS is not on',
    'redis://127.0.0.1?sentinel_password=hidden' => 'there are no sentinels',
    'redis://127.0.0.1?password_file=%prefix%/missing' => 'password file',
    'rediss://127.0.0.1?ca=%prefix%/missing' => 'can\'t be used',
    "\"rediss://127.0.0.1?ca=$ca&cert=$ca\"" => 'go together',
    'unix:' => 'must begin with "/"',
    'unix:run/hidden' => 'must begin with "/"',
    'unix:?db=1' => 'must begin with "/"',
    'unix:/run/socket?tls=on' => 'no TLS over a unix socket',
    'redis://127.0.0.1,127.0.0.2' => 'several servers need',
    'redis://127.0.0.1 unix:/run/socket' => 'all must be of the same kind',
    'redis://127.0.0.1 cluster://127.0.0.1' => 'all must be of the same kind',
    'redis://:hidden@127.0.0.1 redis://:hidden2@127.0.0.2' =>
        'the same user and password',
    'redis://127.0.0.1/1 redis://127.0.0.2/2' => 'the same database',
    'sentinel://127.0.0.1' => 'the name of the master must follow',
    'sentinel://127.0.0.1/a sentinel://127.0.0.2/b' =>
        'the name of the master must follow',
    'cluster://127.0.0.1/1' => 'no other database than 0',
    'cluster://127.0.0.1?db=1' => 'no other database than 0',
);

for my $urls (sort keys %wrong) {
    my ($ok, $line, $output) = tried($urls);

    ok(!$ok, "refused: $urls");
    like($output, qr/\[emerg\] .*\Q$wrong{$urls}\E.*nginx\.conf:$line\b/,
        'with reason, file and line') or diag($output);
    unlike($output, qr/hidden/, 'and no password');
}

my ($ok, $line, $output) = tried('redis://otter.invalid.');

ok(!$ok, 'a name that nobody knows is refused');
like($output, qr/\[emerg\] host not found .*"otter\.invalid\.".*:$line\b/,
    'with file and line') or diag($output);


done_testing;

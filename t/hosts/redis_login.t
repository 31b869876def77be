use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The ways to say who one is: a password, a user with rights to no more than
# is needed, a file; and where: a database, a socket.  A wrong password costs
# the other hosts, and no more.

use Otter::Hosts;
use Otter::Keys qw(write_private);
use Otter::Redis;

my $redis = Otter::Redis->start(
    password => 'p@ss/word?',
    users    => ['otter on >s3cret resetchannels ~o:* &o:* +@all -@admin'
            . ' -@dangerous +info'],
);
my $at = '127.0.0.1:' . $redis->port;

write_private($redis->path('password'), "p\@ss/word?\n");

my %url = (
    'a password'        => "redis://:p%40ss%2fword%3f\@$at",
    'user and password' => "redis://otter:s3cret\@$at",
    'a file'            => "redis://$at?password_file="
        . $redis->path('password'),
    'options'           => "redis://$at?user=otter&password=s3cret",
    'a database'        => "redis://:p%40ss%2fword%3f\@$at/7",
    'a socket'          => 'unix:' . $redis->path('socket')
        . '?db=3&password=p%40ss%2fword%3f',
);

my %db = ('a database' => 7, 'a socket' => 3);

for my $name (sort keys %url) {
    my $hosts = Otter::Hosts->start(redis => $redis, hosts => 1,
        urls => $url{$name}, http => 'otter_redis_prefix o:;');

    Otter::Peer->enter($hosts, 'alice');
    pass($name);
    like($redis->info("db$db{$name}"), qr/keys=/, 'the database is used')
        if $db{$name};
    $hosts->nginx(0)->finish;
}

my $wrong = Otter::Hosts->start(redis => $redis, hosts => 1,
    health => 'degraded', urls => "redis://otter:wr0ng\@$at");
my ($carol, $dave) = map {
    Otter::Peer->enter($wrong, $_, at => 0)
} qw(carol dave);

$carol->expect('peer-joined');
$carol->message('here');
is($dave->expect('message')->{data}, 'here',
    'a wrong password: one host goes on');

my $log = $wrong->nginx(0)->error_log;

like($log, qr/redis \S+ \(commands\): it refuses: WRONGPASS/, 'it says why');
unlike($log, qr/wr0ng/, 'and no password');


done_testing;

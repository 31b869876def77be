use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";

# A name that means a public address when it is first asked for, and loopback
# afterwards, leads nowhere but to the first: what is judged is the address
# that is connected to.  In a network and a view of the files of its own, so
# that there are a public address and a name server to ask.

BEGIN {
    if (!@ARGV) {
        exec qw(unshare --net --mount), ($< ? '--map-root-user' : ()), $^X,
            $0, 'inside' or die "unshare: $!";
    }
}

use Otter::Command qw(output_of);
use Otter::DNS;
use Otter::Keys qw(write_private);
use Otter::Receiver;
use Otter::Redis;
use Otter::Test;
use Otter::Webhooks;

my $PUBLIC = '93.184.215.14';

output_of(qw(ip link set lo up));
output_of('ip', 'addr', 'add', "$PUBLIC/32", qw(dev lo));

my $redis    = Otter::Redis->start;
my $resolver = $redis->path('resolv.conf');

write_private($resolver, "nameserver 127.0.0.1\noptions timeout:1\n");
output_of('mount', '--bind', $resolver, '/etc/resolv.conf');

my $outside = Otter::Receiver->start(host => $PUBLIC);
my $inside  = Otter::Receiver->start(port => $outside->port);
my $port    = $outside->port;

my %turns = (
    rebound => "$PUBLIC,127.0.0.1",
    private => '127.0.0.1',
    both    => "127.0.0.1+$PUBLIC",
    steady  => $PUBLIC,
);

my $dns = Otter::DNS->start(53 => 1,
    map { ("$_.example" => $turns{$_}) } keys %turns);

my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { attempts => 1 },
    endpoints => { map {
        $_ => { url => "http://$_.example:$port/$_", allow_private => 'off' }
    } keys %turns },
);


sub dead () {
    return join ' ', sort map { "$_->{endpoint}: $_->{error}" }
        @{ $webhooks->command('list')->{dead} };
}

my $refused = 'its address is private, and that is not allowed';
my $pid     = $webhooks->start;

$webhooks->emit('den');

is(scalar $outside->wait_for($_ => 1), 1, "$_: sent to the public address")
    for qw(rebound both steady);
ok(eventually(15, sub { dead() eq "private: $refused" }),
    'a name of loopback is refused') or diag dead();

# A process of its own, which has no connection and remembers no address.
is($webhooks->stop($pid), 0, 'it ends');
$webhooks->run_worker;
$webhooks->emit('den');

is(scalar $outside->wait_for($_ => 2), 2, "$_: as before")
    for qw(both steady);
ok(eventually(15, sub {
    return dead() eq "private: $refused private: $refused rebound: $refused";
}), 'the name that means loopback by now is refused') or diag dead();
is(scalar(my @none = $outside->requests('rebound')), 1,
    'and was not sent anywhere');

for my $name (sort keys %turns) {
    is(scalar(my @none = $inside->requests($name)), 0,
        "$name: nothing came to loopback");
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Nothing is sent into one's own networks, whatever the URL calls them, unless
# that is allowed.

use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks;

my $redis = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my $port = $receiver->port;

my %url = (
    literal  => "http://127.0.0.1:$port/literal",
    other    => "http://127.8.9.10:$port/other",
    name     => "http://localhost:$port/name",
    decimal  => "http://2130706433:$port/decimal",
    hex      => "http://0x7f.1:$port/hex",
    mapped   => "http://[::ffff:127.0.0.1]:$port/mapped",
    loopback => "http://[::1]:$port/loopback",
    zero     => "http://0.0.0.0:$port/zero",
    private  => 'http://10.255.255.1/private',
    metadata => 'http://169.254.169.254/latest',
    carrier  => 'http://100.64.0.1/carrier',
    local    => 'http://[fd00:ec2::254]/local',
    nat64    => 'http://[64:ff9b::7f00:1]/nat64',
);

# A proxy of the environment would connect wherever it is told to.

local $ENV{http_proxy} = "http://127.0.0.1:$port";
local $ENV{ALL_PROXY} = "http://127.0.0.1:$port";

my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { attempts => 1 },
    endpoints => {
        (map { $_ => { url => $url{$_}, allow_private => 'off' } } keys %url),
        allowed => { url => $receiver->url('allowed') },
    },
);

$webhooks->start;
$webhooks->emit('den');

is(scalar $receiver->wait_for(allowed => 1), 1, 'where it is allowed, it comes');

my $dead;

eventually(15, sub {
    $dead = $webhooks->command('list')->{dead};
    return @$dead == keys %url;
});

my %error = map { $_->{endpoint} => $_->{error} } @$dead;

for my $name (sort keys %url) {
    is($error{$name}, 'its address is private, and that is not allowed',
        "refused: $url{$name}");
    is(scalar(my @none = $receiver->requests($name)), 0, '... and not sent');
}


# Nor by a connection that is there already, since another endpoint may have it.
$webhooks->emit('den') for 1 .. 3;

is(scalar $receiver->wait_for(allowed => 4), 4, 'more for the one it may be');
ok(eventually(15, sub {
    return 4 * keys %url == @{ $webhooks->command('list')->{dead} };
}), 'and each is refused');
is(scalar(my @none = $receiver->requests($_)), 0, "$_: nothing was sent")
    for sort keys %url;


done_testing;

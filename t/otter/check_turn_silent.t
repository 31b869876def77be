use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use IO::Socket::IP;
use Socket qw(SOCK_DGRAM);

# A server that takes everything and says nothing is given up.

my $tcp = IO::Socket::IP->new(LocalHost => '127.0.0.1', LocalPort => 0,
    Listen => 5) or die "socket: $@";
my $udp = IO::Socket::IP->new(LocalHost => '127.0.0.1',
    LocalPort => $tcp->sockport, Type => SOCK_DGRAM) or die "socket: $@";

my $before = time;
my $result = otter(qw(check --json --turn), '127.0.0.1:' . $tcp->sockport);
my @found  = finding(json_of($result), 'problem', qr/nothing answers there/);

is($result->{exit}, 1, 'something is wrong');
is(scalar @found, 2, 'over UDP and TCP');
like($found[0]{remedy}, qr/firewall/, 'with a remedy');
cmp_ok(time - $before, '<=', 15, 'after a few seconds');

my $asked = 0;

$udp->blocking(0);
$asked++ while defined $udp->recv(my $request, 2000);

is($asked, 3, 'it was asked three times over UDP');

done_testing();

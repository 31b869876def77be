use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Conf qw(free_port);

# Where nothing listens, and where no host is, is told at once.

my $port   = free_port();
my $before = time;

my $result = otter(qw(check --json --turn), "127.0.0.1:$port", "[::1]:$port",
    'no-such-host.invalid');
my $report = json_of($result);

is($result->{exit}, 1, 'something is wrong');
is(scalar(my @down = finding($report, 'problem', qr/nothing listens there/)),
    4, 'nothing listens, over UDP and TCP, IPv4 and IPv6');
is(scalar(my @name = finding($report, 'problem', qr/name has no address/)), 2,
    'a name has no address');
ok($_->{remedy}, 'with a remedy') for @down, @name;
like($name[0]{message}, qr/port 3478/, 'the port is 3478 if none is given');
cmp_ok(time - $before, '<', 20, 'at once');

done_testing();

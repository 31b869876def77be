use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A server that is not HOST or HOST:PORT is a mistake of the command line.

for my $server ('', ':3478', 'a:b', 'a:0', 'a:65536', 'a b:1', 'a:1/x',
    'http://a', '[::1', 'a?transport=udp', '::1', 'a' x 400)
{
    my $result = otter(qw(check --turn), $server);

    is($result->{exit}, 2, "\"" . substr($server, 0, 20) . '"');
    like($result->{stderr}, qr/is not HOST:PORT/, 'the mistake is told');
}

is(otter(qw(check --turn), ('a:1') x 33)->{exit}, 2, 'too many servers');

done_testing();

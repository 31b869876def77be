# A taken port is told in words, and nothing is started.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::IP;
use Test::More;

use Otter::Command qw(run);
use Otter::Conf qw(free_port);
use Otter::Paths qw($root);

for my $option (qw(--port --turn-port)) {
    my $listener = IO::Socket::IP->new(LocalHost => '127.0.0.1', Listen => 1)
        or die "listen: $@";

    my $port = $listener->sockport;
    my %port = ('--port' => free_port(), $option => $port);
    my $result = run("$root/run.sh", %port);

    is($result->{exit}, 1, "$option: refused");
    like($result->{stderr}, qr/^run\.sh: port $port is taken/m, 'in words');
}

done_testing();

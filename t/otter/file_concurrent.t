use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use POSIX ();

# Commands that change one file at the same time lose nothing.

my $count = 24;

for my $n (1 .. $count) {
    my $pid = fork // die "fork: $!";

    next if $pid;

    my $result = $n % 2
        ? otter(qw(key create --file), file_in('keys.json'), '--id', "k$n")
        : otter(qw(secret new --file), file_in('jwt.json'), '--kid', "k$n");

    POSIX::_exit($result->{exit});
}

my $failed = 0;

while (waitpid(-1, 0) > 0) {
    $failed++ if $?;
}

is($failed, 0, 'each of them succeeds');

my @keys = map { $_->{id} }
    @{ otter_json(qw(key list --file), file_in('keys.json'))->{keys} };
my @secrets = map { $_->{kid} }
    @{ otter_json(qw(secret list --file), file_in('jwt.json'))->{keys} };

is_deeply([sort @keys], [sort map { "k$_" } grep { $_ % 2 } 1 .. $count],
    'all API keys are there');
is_deeply([sort @secrets], [sort map { "k$_" } grep { $_ % 2 == 0 } 1 .. $count],
    'all signing keys are there');
is_deeply([left_in(folder())], [qw(jwt.json keys.json)], 'and nothing else');

done_testing();

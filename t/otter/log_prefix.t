use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Command qw(run);
use Otter::Keys qw(write_private);
use Otter::Paths qw($build);

# The level in front of a line is for the journal of systemd alone, when that
# is what the program writes to; else it is the program's name.

my $closed = 'redis://127.0.0.1:' . free_port();
my $path   = file_in('said');


# A companion whose configuration is not good says one line of level 3.

sub said ($stream) {
    my $conf = put('bad.conf', "no such line\n");

    my $pid = fork // die "fork: $!";

    if (!$pid) {
        open STDERR, '>', $path or die "stderr: $!";
        my ($device, $inode) = stat STDERR;

        $ENV{JOURNAL_STREAM} = $stream eq 'own' ? "$device:$inode" : $stream
            if defined $stream;
        exec "$build/bin/otter-reaper", '--config', $conf
            or die "otter-reaper: $!";
    }

    waitpid $pid, 0;

    return slurp($path);
}

delete $ENV{JOURNAL_STREAM};

like(said(undef), qr/\Aotter-reaper: \S.*\n\z/, 'no journal: a name');
like(said('own'), qr/\A<3>\S.*\n\z/, 'the journal: the level');
like(said('1:1'), qr/\Aotter-reaper: /, 'the journal of another stream');

for my $bad ('', ':', '1', 'x:y', '1:2x') {
    like(said($bad), qr/\Aotter-reaper: /, "JOURNAL_STREAM=$bad is none");
}

my $usage = otter('usage', '--redis', $closed);

is($usage->{exit}, 1, 'a Redis that is not there');
like($usage->{stderr}, qr/\Aotter usage: Redis: [^<\n]+\n\z/,
    'is told once, without a level');

done_testing();

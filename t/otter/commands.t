use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Paths qw($root);

# --help, the manual page and the help of each command name the same commands
# and options.

my $page = slurp("$root/workers/otter/otter.1");
my ($synopsis) = $page =~ /^\.Sh SYNOPSIS\n(.*?)^\.Sh/ms;
my $all = otter('--help')->{stdout};

my %help;
$help{$1} = 1 while $all =~ /^  ([a-z]+(?: [a-z]+)?)  /mg;

my %manual;

for my $part (split /^\.Nm\n/m, $synopsis) {
    my ($name) = $part =~ /^\.Cm ([a-z ]+)$/m or next;

    $manual{$name} //= {};

    # a command may have several forms
    $manual{$name}{"--$_"} = 1 for $part =~ /Fl -([a-z-]+)/g;
}

is_deeply([sort keys %manual], [sort keys %help], 'the commands');

for my $name (sort keys %help) {
    my $text = otter(split(/ /, $name), '--help')->{stdout};
    my %options = map { $_ => 1 } $text =~ /^  (--[a-z-]+)/mg;

    delete $options{'--help'};

    is_deeply([sort keys %{ $manual{$name} }], [sort keys %options],
        "the options of $name");
    ok($page =~ /^\.It Cm \Q$name\E$/m, "$name is described");
}

like(otter('--version')->{stdout}, qr/\Aotter \d+\.\d+\.\d+\n\z/,
    '--version');

my ($changes) = slurp("$root/CHANGES") =~ /Changes with otter (\S+)/;

is(otter('--version')->{stdout}, "otter $changes\n", 'as in CHANGES');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use File::Basename qw(dirname);
use Test::More;

use Otter::Cli;
use Otter::Command qw(output_of);
use Otter::Paths qw($command $root);

# bash completes commands, their actions and options: all that --help has.

$ENV{PATH} = dirname($command) . ":$ENV{PATH}";

my $script = "$root/conf.d/completion/otter.bash";


# What bash offers for the words, the last of which is begun.

sub offers (@words) {
    my $text = output_of('bash', '-c', <<~'SH', 'bash', $script, @words);
        set -eu
        . "$1"
        shift
        COMP_WORDS=(otter "$@")
        COMP_CWORD=$#
        _otter
        printf '%s\n' "${COMPREPLY[@]-}"
        SH

    return [sort split /\n/, $text];
}


my $help = otter('--help')->{stdout};
my (%action, %seen);

for my $line (split /\n/, $help) {
    my ($group, $action) = $line =~ /^  ([a-z]+)(?: ([a-z]+))?  / or next;

    push @{ $action{$group} }, $action // ();
}

cmp_ok(scalar keys %action, '>', 8, 'there are commands');
is_deeply(offers(''), [sort keys %action], 'all commands');
is_deeply(offers('ro'), ['rooms'], 'the one that begins so');

for my $group (sort keys %action) {
    my @actions = @{ $action{$group} };

    is_deeply(offers($group, ''), [sort @actions], "of $group the actions")
        if @actions;

    for my $words (@actions ? map { [$group, $_] } @actions : [$group]) {
        my %options = map { $_ => 1 } '--help',
            otter(@$words, '--help')->{stdout} =~ /(--[a-z][a-z-]*)/g;

        is_deeply(offers(@$words, '--'), [sort keys %options],
            "of @$words the options");
    }
}

put('one.json', '{}');

is_deeply(offers('key', 'list', '--file', file_in('one')),
    [file_in('one.json')], 'files');
is_deeply(offers('token', '--role', 'm'), ['moderator'], 'roles');

done_testing();

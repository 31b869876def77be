use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use File::Basename qw(dirname);
use Test::More;

use Otter::Cli;
use Otter::Command qw(output_of);
use Otter::Paths qw($command $root);

# The function for zsh offers commands, actions and options.  What zsh has for
# such functions in an interactive shell stands in here for itself.

$ENV{PATH} = dirname($command) . ":$ENV{PATH}";


sub offers (@words) {
    my $text = output_of('zsh', '-f', '-c', <<~'SH', 'zsh',
        _call_program() { shift; "$@" }
        compadd() { [[ $1 == -- ]] && shift; print -l -- "$@" }
        _files() { print files "$@" }
        script=$1
        shift
        words=(otter "$@")
        CURRENT=$#words
        source $script
        SH
        "$root/conf.d/completion/_otter", @words);

    return [sort split /\n/, $text];
}


my %group = map { $_ => 1 } otter('--help')->{stdout} =~ /^  ([a-z]+) /mg;

is_deeply(offers(''), [sort keys %group], 'all commands');
is_deeply(offers('secret', ''), [sort(
    otter('secret', '--help')->{stdout} =~ /^  secret ([a-z]+)/mg)],
    'the actions of a group');

for my $words (['rooms'], ['key', 'create'], ['up']) {
    my %options = map { $_ => 1 } '--help',
        otter(@$words, '--help')->{stdout} =~ /(--[a-z][a-z-]*)/g;

    is_deeply(offers(@$words, ''), [sort keys %options],
        "of @$words the options");
}

is_deeply(offers('key', 'list', '--file', ''), ['files'], 'files');
is_deeply(offers('token', '--role', ''), ['moderator', 'participant'],
    'roles');

done_testing();

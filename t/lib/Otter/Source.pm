package Otter::Source;

# The files of the repository, for tests that look at the sources themselves.

use v5.36;

use Cwd ();
use Exporter 'import';
use File::Basename ();
use Test::More ();

our @EXPORT_OK = qw(breaches content files none root);


sub root () {
    return Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');
}


# What git tracks or would track, relative to the root, of the given patterns.

sub files (@patterns) {
    open my $git, '-|', 'git', '-C', root(), 'ls-files', '-z', '--cached',
        '--others', '--exclude-standard', '--', @patterns
        or die "git: $!";

    local $/ = "\0";
    chomp(my @names = <$git>);
    close $git or die "git ls-files failed\n";

    my %seen;

    return sort grep { !$seen{$_}++ && -f root() . "/$_" } @names;
}


sub content ($file) {
    open my $in, '<:raw', root() . "/$file" or die "$file: $!";
    local $/;

    return <$in> // '';
}


# "file:line: text" for every line that matches.

sub breaches ($pattern, @files) {
    my @found;

    for my $file (@files) {
        my $n = 0;

        for my $line (split /\n/, content($file)) {
            $n++;
            push @found, "$file:$n: $line" if $line =~ $pattern;
        }
    }

    return @found;
}


# A test that passes with an empty list and shows what is in it otherwise.

sub none ($name, @found) {
    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return Test::More::ok(!@found, $name)
        || Test::More::diag(join "\n", @found);
}


1;

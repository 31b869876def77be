package Otter::Valgrind;

# Runs nginx under valgrind, and judges what valgrind says: any memory error
# counts, and every definite leak with this project's code on the stack.

use v5.36;

use File::Basename qw(dirname);


sub command ($folder) {
    return (
        'valgrind', '--quiet', '--leak-check=full',
        '--show-leak-kinds=definite', '--errors-for-leak-kinds=definite',
        '--num-callers=40', '--keep-debuginfo=yes',

        # Freed memory is watched, but not so much of it that tests of the
        # memory in use would see that.
        '--freelist-vol=1000000',
        '--suppressions=' . dirname(__FILE__) . '/../nginx.supp',
        "--log-file=$folder/valgrind.%p",
    );
}


sub faults ($folder) {
    my @faults;

    for my $path (sort glob "$folder/valgrind.*") {
        open my $file, '<', $path or die "$path: $!";
        local $/;

        push @faults, grep { _counts($_) } _blocks(readline $file // '');
    }

    return join "\n\n", @faults;
}


# Valgrind ends each report with a line that holds nothing but its prefix.

sub _blocks ($text) {
    $text =~ s/^==\d+==\s?//mg;

    return grep { /\S/ } split /\n\s*\n/, $text;
}


sub _counts ($block) {
    return 0 if $block !~ /^\s+(?:at|by) 0x/m;
    return 1 if $block !~ /are definitely lost/;

    return $block =~ /otter/;
}


1;

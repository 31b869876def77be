# What of nginx's style a machine can tell.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(breaches content files none);

my $MAX_FILE = 650;
my $MAX_FUNCTION = 80;


sub lines ($file) {
    return split /\n/, content($file);
}


# A line of "{" alone opens a function, one of "}" alone closes it; its head
# reaches up to an empty line or the end of a comment.

sub functions ($file) {
    my @lines = lines($file);
    my (@functions, $begin);

    for my $n (0 .. $#lines) {
        $begin = $n if $lines[$n] eq '{';
        next if $lines[$n] ne '}' || !defined $begin;

        my $head = $begin;
        $head-- while $head > 0 && $lines[$head - 1] =~ /\S/;

        push @functions, {
            where  => "$file:" . ($head + 1),
            length => $n - $begin + 1,
            apart  => apart($head, @lines),
        };

        undef $begin;
    }

    return @functions;
}


# Two empty lines before the line, or a comment that has them before it.

sub apart ($n, @lines) {
    $n--;

    if ($lines[$n] eq '' && $lines[$n - 1] =~ /\*\/$/) {
        $n-- while $n > 0 && $lines[$n] !~ /^\/\*/;
        $n--;
    }

    return $lines[$n] eq '' && $lines[$n - 1] eq ''
        || $lines[$n] =~ /^#(?:if|else|endif)/;
}


my @c = files('*.c', '*.h');
my @typescript = files('*.ts', '*.tsx');
my @all = (@c, @typescript, files('*.t', '*.pm', '*.sh'));

none('C fits 80 columns', breaches(qr/^.{81}/, @c));
none('no tabs', breaches(qr/\t/, @all));
none('no // comments in C', breaches(qr/^\s*\/\/|;\s*\/\/ /, @c));
none('no line ends with a space', breaches(qr/[ \t]$/, @all));
none('no assert', breaches(qr/^\s*assert\s*\(/, @c));

none("no file is longer than $MAX_FILE lines",
     map { my $n = lines($_); $n > $MAX_FILE ? "$_: $n lines" : () } @all);

none('C begins with an empty line and the copyright',
     grep { content($_) !~ m{\A\n/\*\n \* Copyright \(C\) } } @c);

none('files end with one newline', grep { content($_) !~ /[^\n]\n\z/ } @all);

none('never more than two empty lines', grep { content($_) =~ /\n{4}/ } @all);

my @functions = map { functions($_) } grep { /\.c$/ } @c;

cmp_ok(scalar @functions, '>', 0, 'there are functions');

none("no function is longer than $MAX_FUNCTION lines",
     map { $_->{length} > $MAX_FUNCTION ? "$_->{where}: $_->{length}" : () }
     @functions);

none('two empty lines before a function',
     map { $_->{apart} ? () : $_->{where} } @functions);

done_testing();

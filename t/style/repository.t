# The repository speaks of Otter alone, holds no loose end, and its links hold.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Basename qw(dirname);
use Test::More;

use Otter::Source qw(breaches content files none root);

my @text = grep { !m{\.(?:png|ico|woff2?|task|wasm)$|^t/fuzz/corpus/} }
    files();
my @written = grep { !/package-lock\.json$/ } @text;
my @tests = files('*.t', '*.spec.ts', '*.test.ts', '*.test.tsx');

my @self = grep { $_ ne 't/style/repository.t' } @written;

none('no path of a machine',
     breaches(qr{(?<![\w.])/(?:work|farm|root|home)/|/tmp/(?:bash_jobs|plan)},
              @self));

none('no host of a registry',
     breaches(qr/registry[.]npmjs|(?:deb|security)[.]debian[.]org/, @text));

none('no address in the lock files',
     breaches(qr/"resolved": "https?:/, files('*package-lock.json')));

none('nothing left open',
     breaches(qr/\b(?:TODO|FIXME|XXX|HACK|not implemented|stub)\b/, @self));

none('no skipped test, no test that is run alone',
     breaches(qr/skip_all|\bSKIP:|\.(?:skip|only|fixme|todo)\(/,
              grep { $_ ne 't/style/repository.t' } @tests));

none('every link between documents leads to a file', map { dead_links($_) }
     files('*.md'));


# links to files and to headings in them

sub dead_links ($file) {
    my @dead;
    my @links = content($file) =~ /\]\(([^)\s:]+)\)/g;

    for my $link (@links) {
        my ($path, $heading) = split /#/, $link, 2;

        my $target = length $path ? join('/', dirname($file), $path) : $file;

        push @dead, "$file: $link"
            if !-e root() . "/$target"
            || defined $heading && !grep { $_ eq $heading } headings($target);
    }

    return @dead;
}


# as GitHub makes anchors of them

sub headings ($file) {
    return map { lc =~ s/`//gr =~ s/[^\w\- ]//gr =~ s/ /-/gr }
        content($file) =~ /^#+ +(.+)$/mg;
}


done_testing();

# Every directive and variable of the module is documented, and none besides.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(content files);

my $source = join '', map { content($_) } files('ngx_otter_module/http/*.c');
my $document = content('docs/configuration.md');


sub unique (@names) {
    my %seen;

    return [ sort grep { !$seen{$_}++ } @names ];
}


is_deeply(unique($document =~ /^\| `(otter_\w+)/mg),
          unique($source =~ /\{ ngx_string\("(otter_\w+)"\),\n/g),
          'the directives');

is_deeply(unique($document =~ /`\$(otter_\w+)`/g),
          unique($source =~ /ngx_string\("(otter_(?:room|peer|identity|key|session
                             |close_code|messages_in|messages_out))"\)/gx),
          'the variables');

done_testing();

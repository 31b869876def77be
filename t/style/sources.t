# "config" names every source and header of the module.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(content files none);

my @sources = files('ngx_otter_module/*.c', 'ngx_otter_module/*.h');
my $config = content('config');

cmp_ok(scalar @sources, '>', 0, 'there are sources');

none('each is in config', grep {
    my ($name) = m{([^/]+)$};
    $config !~ /\b\Q$name\E\b/;
} @sources);

done_testing();

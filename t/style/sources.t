# "config" names every source and header of the module.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(content files none);

my @files = files('ngx_otter_module/*.c', 'ngx_otter_module/*.h');
my %named = map { s{^\$otter_dir}{ngx_otter_module}r => 1 }
    content('config') =~ m{(\$otter_dir/\S+\.[ch])}g;

cmp_ok(scalar @files, '>', 0, 'there are files');
none('each is named', grep { !delete $named{$_} } @files);
none('and none besides', sort keys %named);

done_testing();

# Shell scripts stop at the first error and satisfy shellcheck.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(content files none root);

my @scripts = files('*.sh', '.ci/run');

cmp_ok(scalar @scripts, '>', 0, 'there are scripts');

none('each begins with set -eu',
     grep { content($_) !~ /\A#![^\n]+\n(?:#[^\n]*\n|\n)*set -eu/ } @scripts);

none('each may be run', grep { !-x root() . "/$_" } @scripts);

chdir root() or die "chdir: $!";

my $said = `shellcheck -- @scripts 2>&1`;

is($?, 0, 'shellcheck finds nothing') or diag($said);

done_testing();

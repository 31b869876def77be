use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Options may be written with a blank or an equals sign, and stand anywhere;
# what follows "--" is none.

my $path = file_in('keys.json');

is(otter_json(qw(key create), "--file=$path", '--id=a')->{id}, 'a',
    'with an equals sign');
is(otter_json(qw(key revoke), '--file', $path, 'a')->{id}, 'a',
    'before a word');
is(otter_json(qw(key revoke a), '--file', $path)->{id}, 'a',
    'behind a word');
is(otter(qw(key revoke --file), $path, '--', 'a')->{exit}, 0,
    'a word behind --');
is(otter(qw(key revoke --file), $path, '--', '--a')->{exit}, 1,
    'even one that looks like an option');
is(otter(qw(key revoke --file), $path, '--a')->{exit}, 2,
    'which it is without');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A symbolic link stays one: the file that it stands for is changed.

mkdir file_in('real');
symlink 'real/keys.json', file_in('link.json') or die "symlink: $!";
put('real/keys.json', '');

otter_json(qw(key create --id web --file), file_in('link.json'));

ok(-l file_in('link.json'), 'the link is there');
is(otter_json(qw(key list --file), file_in('real/keys.json'))->{keys}[0]{id},
    'web', 'its file has the key');
is_deeply([left_in(folder())], [qw(link.json real)], 'nothing else here');
is_deeply([left_in(file_in('real'))], ['keys.json'], 'nor there');

done_testing();

# A second run.sh shows the same key, and keys and secrets stay as they were.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Test::More;

use Otter::Command qw(output_of);
use Otter::Stack;

my $folder = tempdir(CLEANUP => 1);
my @names = qw(jwt.json api-keys.json turn.secret api-key);
my (@keys, @sums);

for (1 .. 2) {
    my $stack = Otter::Stack->start(state => "$folder/state");

    push @keys, $stack->api_key;
    $stack->interrupt;
    push @sums, output_of('sha256sum', map { "$folder/state/$_" } @names);
}

ok($keys[0], 'a key is shown');
is($keys[1], $keys[0], 'the same again');
is($sums[1], $sums[0], 'no file has changed');

is_deeply([ map { sprintf '%s %o', $_, (stat "$folder/state/$_")[2] & 07777 }
            @names ],
          [ map { "$_ 600" } @names ], 'only their owner can read them');

done_testing();

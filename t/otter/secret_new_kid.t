use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A name of a key has 1 to 128 printable characters, and is given once.

my $path = file_in('jwt.json');

for my $kid ('', 'a' x 129, "a\tb", "a\nb", "\xc3\xa9") {
    is(otter(qw(secret new --file), $path, '--kid', $kid)->{exit}, 2,
        'a bad name is misuse');
}

ok(!-e $path, 'for which nothing is written');

for my $kid ('a', 'a' x 128, 'with "quotes" and \\') {
    is(otter_json(qw(secret new --file), $path, '--kid', $kid)->{kid}, $kid,
        'a good name is taken');
}

my $before = slurp($path);
my $result = otter(qw(secret new --kid a --file), $path);

is($result->{exit}, 1, 'not twice');
like($result->{stderr}, qr/"a" already/, 'with the reason');
is(slurp($path), $before, 'the file is as before');

done_testing();

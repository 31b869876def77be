use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Digest::SHA qw(sha256_hex);
use Otter::Cli;
use Otter::JSON qw(from_json);

# A rotation keeps the id and all that the key may do; the hash of the old
# secret stays for the overlap.

my $path  = file_in('keys.json');
my $first = otter_json(qw(key create --id web --rooms team-* --rate 50
    --file), $path);

my $entry = from_json(slurp($path))->{keys}[0];

is($entry->{rate}, 50, 'the rate is in the file');

my $second = otter_json(qw(key rotate web --overlap 1h --file), $path);

is($second->{id}, 'web', 'the id');
like($second->{key}, qr/^otk_web_[0-9A-Za-z]{43}$/, 'a key');
isnt($second->{key}, $first->{key}, 'another one');

my $now = from_json(slurp($path))->{keys}[0];

is($now->{hash}, sha256_hex($second->{key}), 'its hash');
is($now->{previous_hash}, sha256_hex($first->{key}), 'the hash before');
is($now->{previous_until}, $second->{previous_until}, 'and until when');
is($now->{$_}, $entry->{$_}, "$_ stays") for qw(rooms rate created_at);

is(otter(qw(key rotate other --file), $path)->{exit}, 1, 'an unknown id');
is(otter(qw(key rotate web --overlap x --file), $path)->{exit}, 2,
    'a bad overlap');
is(otter(qw(key rotate web))->{exit}, 2, 'neither file nor Redis');
is(otter(qw(key rotate web --redis redis://127.0.0.1:1 --file), $path)
    ->{exit}, 2, 'both of them');

my $away = otter(qw(key rotate web --redis redis://127.0.0.1:1));

is($away->{exit}, 1, 'a Redis that is not there');
like($away->{stderr}, qr/Redis cannot be reached/, 'with the reason');

for my $rate (qw(0 1000001 -1 1.5 x), '') {
    is(otter(qw(key create --file), $path, "--rate=$rate")->{exit}, 2,
        "a rate of \"$rate\"");
}

is(otter(qw(key create --rate 1000000 --file), $path)->{exit}, 0,
    'the highest rate');

otter_json(qw(key revoke web --file), $path);

is(otter(qw(key rotate web --file), $path)->{exit}, 1, 'a revoked key');

done_testing();

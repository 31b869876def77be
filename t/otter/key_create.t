use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Digest::SHA qw(sha256_hex);
use Otter::JSON qw(from_json);

# A new key is shown once; the file has its hash alone.

my $path   = file_in('keys.json');
my $result = otter(qw(key create --id web --file), $path);

is($result->{exit}, 0, 'it succeeds');
like($result->{stdout}, qr/\Aotk_web_[0-9A-Za-z]{43}\n\z/,
    'the output is the key and nothing else');
like($result->{stderr}, qr/"web".*once/, 'a person is told what it is');

my $key  = $result->{stdout} =~ s/\n//r;
my $file = slurp($path);

my ($entry) = @{ from_json($file)->{keys} };

is($entry->{id}, 'web', 'the id is in the file');
is($entry->{hash}, sha256_hex($key), 'with the hash of the key');
unlike($file, qr/\Q@{[substr $key, 8]}/, 'not with its secret');

done_testing();

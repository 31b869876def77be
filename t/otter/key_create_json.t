use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# With --json the result is {"id","key"} and nothing is said.

my $answer = otter_json(qw(key create --id web --file), file_in('keys.json'));

is_deeply([sort keys %$answer], [qw(id key)], 'id and key');
is($answer->{id}, 'web', 'the id');
like($answer->{key}, qr/\Aotk_web_[0-9A-Za-z]{43}\z/, 'the key');

done_testing();

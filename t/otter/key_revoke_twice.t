use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);

# Revoking again is no mistake, and does not change the time.

my $path = put('keys.json', to_json({ keys => [{
    id         => 'web',
    hash       => 'ab' x 32,
    revoked_at => '2020-01-01T00:00:00Z',
}] }));

my $before = slurp($path);
my $answer = otter_json(qw(key revoke web --file), $path);

is($answer->{revoked_at}, '2020-01-01T00:00:00Z', 'the time of the first');
is(slurp($path), $before, 'the file is as before');

done_testing();

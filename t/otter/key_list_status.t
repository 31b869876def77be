use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);

# A key is active, expired or revoked.

my %entry = (hash => 'ab' x 32);

my $path = put('keys.json', to_json({ keys => [
    { %entry, id => 'forever' },
    { %entry, id => 'later', expires_at => '2999-01-01T00:00:00Z' },
    { %entry, id => 'past', expires_at => '2020-01-01T00:00:00Z' },
    { %entry, id => 'gone', revoked_at => '2020-01-01T00:00:00Z' },
    { %entry, id => 'both', expires_at => '2020-01-01T00:00:00Z',
        revoked_at => '2020-01-01T00:00:00Z' },
] }));

my %status = map { $_->{id} => $_->{status} }
    @{ otter_json(qw(key list --file), $path)->{keys} };

is_deeply(\%status, {
    forever => 'active',
    later   => 'active',
    past    => 'expired',
    gone    => 'revoked',
    both    => 'revoked',
}, 'each has its status');

done_testing();

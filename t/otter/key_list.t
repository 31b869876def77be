use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# The list shows every key and its rights, never a hash.

my $path = file_in('keys.json');

otter_json(qw(key create --id web --rooms team-* --scopes), 'token,rooms',
    '--file', $path);
otter_json(qw(key create --id a --expires-in 30d --file), $path);

my $answer = otter_json(qw(key list --file), $path);
my ($web, $a) = @{ $answer->{keys} };

is(scalar @{ $answer->{keys} }, 2, 'two keys');
is($web->{id}, 'web', 'in the order of the file');
is($web->{status}, 'active', 'its status');
is($web->{rooms}, 'team-*', 'its rooms');
is_deeply($web->{scopes}, [qw(token rooms)], 'its scopes');
ok(!exists $web->{hash}, 'no hash');
is_deeply($a->{scopes}, [qw(token rooms turn admin)],
    'all scopes are spelt out');
ok($a->{expires_at}, 'its end');

my $result = otter(qw(key list --file), $path);
my ($head, @rows) = split /\n/, $result->{stdout};

is($result->{exit}, 0, 'it succeeds');
like($head, qr/\AID +STATUS +ROOMS +SCOPES +RATE +CREATED_AT +EXPIRES_AT\z/,
    'a table has a head');
is(scalar @rows, 2, 'and a row each');
is(index($rows[0], 'active'), index($head, 'STATUS'), 'they are aligned');
is(index($rows[1], 'active'), index($head, 'STATUS'), 'all of them');
like($rows[0], qr/-\z/, 'what there is not is a hyphen');
unlike($result->{stdout}, qr/[0-9a-f]{32}/, 'no hash');

done_testing();

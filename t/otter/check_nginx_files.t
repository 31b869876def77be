use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Files that a configuration names, and that cannot be used, are told.

my $conf = nginx_conf(<<"CONF");
    otter_signaling on;
    otter_api_keys_file keys.json;
    otter_jwt_key_file @{[file_in('sub/jwt.json')]};
CONF

put('keys.json', '{}', 0644);

my $report = json_of(otter(qw(check --json --nginx-conf), $conf));

my %problem;

push @{ $problem{$_->{subject}} }, $_->{message}
    for finding($report, 'problem', qr/./);

is(scalar @{ $problem{ file_in('keys.json') } }, 2,
    'one relative to nginx.conf has two');
like($problem{ file_in('keys.json') }[0], qr/everyone may read/, 'its mode');
like($problem{ file_in('keys.json') }[1], qr/no array/, 'and its content');
is_deeply($problem{ file_in('sub/jwt.json') }, ['it is not there'],
    'an absolute one is not there');

done_testing();

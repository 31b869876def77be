use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Includes are followed, by name and by pattern, from the folder of nginx.conf.

mkdir file_in('conf.d');
put('conf.d/a.conf', 'otter_jwt_key_file one.json;');
put('conf.d/b.conf', "include conf.d/deeper/*.inc;\n");
mkdir file_in('conf.d/deeper');
put('conf.d/deeper/c.inc', "otter_api_keys_file 'two.json';");
put('server.inc', 'otter_signaling on; otter_turn_secret_file three.secret;');

my $conf = nginx_conf('include server.inc;',
    http => 'include conf.d/*.conf; include conf.d/none-*.conf;');

my $report = json_of(otter(qw(check --json --nginx-conf), $conf));
my %missing = map { $_->{subject} => 1 }
    finding($report, 'problem', qr/\Ait is not there\z/);

is_deeply([sort keys %missing],
    [sort map { file_in($_) } qw(one.json three.secret two.json)],
    'what they name is looked for');
is(finding($report, 'ok', qr/directives/)->{message}, '4 directives of Otter',
    'all are seen');

put('server.inc', 'otter_signaling on; include missing.inc;');

$report = json_of(otter(qw(check --json --nginx-conf), $conf));

is(finding($report, 'problem', qr/\Ait is not there\z/)->{subject},
    file_in('missing.inc'), 'a file that is named has to be there');

put('server.inc', 'otter_signaling on; include server.inc;');

$report = json_of(otter(qw(check --json --nginx-conf), $conf));

ok(finding($report, 'problem', qr/too many files/),
    'a file that includes itself');

done_testing();

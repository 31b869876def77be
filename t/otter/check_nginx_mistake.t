use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# What nginx says of a mistake is told, with its line.

my $conf = nginx_conf("otter_signaling on;\notter_max_peers many;");

my $result = otter(qw(check --json --nginx-conf), $conf);
my $found  = finding(json_of($result), 'problem', qr/otter_max_peers|invalid/);

is($result->{exit}, 1, 'it is a problem');
is($found->{subject}, 'nginx', 'nginx found it');
like($found->{message}, qr/in \Q$conf\E:\d+/, 'with the line');
unlike($found->{message}, qr/\[emerg\]|\d+#\d+/, 'without decoration');
ok($found->{remedy}, 'and a remedy');

$conf = nginx_conf('otter_signaling on;', main => '');
$found = finding(json_of(otter(qw(check --json --nginx-conf), $conf)),
    'problem', qr/unknown directive/);

like($found->{remedy}, qr/load_module modules\/ngx_otter_module\.so/,
    'a module that is not loaded');

done_testing();

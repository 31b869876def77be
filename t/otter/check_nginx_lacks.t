use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# What Otter does without is told with what that means.

sub report_of ($server, %option) {
    return json_of(otter(qw(check --json --nginx-conf),
        nginx_conf($server, %option)));
}

my $report = report_of('otter_signaling off;');

like(finding($report, 'problem', qr/no server has/)->{remedy}, qr/server/,
    'Otter is in no server');

$report = report_of('otter_signaling on;');

ok($report->{ok}, 'one line is enough');
is($report->{warnings}, 3, 'for a beginning');

for my $pattern (qr/otter_jwt_key_file/, qr/otter_api_keys_file/,
    qr/TURN server/)
{
    my $found = finding($report, 'warning', $pattern);

    ok($found, "there is no $pattern");
    ok($found->{remedy}, 'with a remedy');
}

$report = report_of('otter_signaling on; otter_guests on;');

ok(!finding($report, 'warning', qr/otter_api_keys_file/),
    'guests need no API key');

$report = report_of('otter_signaling on; otter_redis redis://127.0.0.1:1;');

ok(!finding($report, 'warning', qr/otter_api_keys_file/),
    'API keys may be in Redis');

$report = report_of('otter_signaling on; otter_turn_uri turn:127.0.0.1;');

like(finding($report, 'problem', qr/no otter_turn_secret_file/)->{remedy},
    qr/static-auth-secret/, 'a TURN server without a secret');

$report = report_of('otter_signaling on; otter_web_root '
    . file_in('nothing') . ';');

ok(finding($report, 'problem', qr/web app is not there/),
    'a web app that is not there');

done_testing();

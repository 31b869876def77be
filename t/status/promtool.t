use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Command qw(run);
use Otter::Hosts;
use Otter::Status qw(metrics);
use Otter::Test;

# Prometheus' own linter has nothing to say about the text.

my $hosts = Otter::Hosts->start(hosts => 1,
    server => $Otter::Status::status_conf);
my $nginx = $hosts->nginx(0);

peers($nginx, qw(alice bob));

my $response = $nginx->http->get('/status');

is($response->header('Content-Type'),
    'text/plain; version=0.0.4; charset=utf-8', 'the type of the format');

my $result = run({ stdin => $response->body }, qw(promtool check metrics));

is($result->{exit}, 0, 'promtool check metrics');
is($result->{stderr} . $result->{stdout}, '', 'no remark');

$result = run({ stdin => "# TYPE x counter\nx 1\n" },
    qw(promtool check metrics));

isnt($result->{exit}, 0, 'it would have remarks');


done_testing;

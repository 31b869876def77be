use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A JSON body is read as such whatever its Content-Type says: curl -d, for one,
# says that it is a form.

my $nginx = Otter::Nginx->start(server => 'otter_guests on;');

my @types = ('application/json', 'application/json; charset=utf-8',
    'application/x-www-form-urlencoded', 'text/plain');

is($nginx->http->request(POST => 'token', body => '{"room":"den"}',
    headers => ['Content-Type' => $_])->status, 200, $_) for @types;
is($nginx->http->request(POST => 'token', body => '{"room":"den"}')->status,
    200, 'none');


done_testing;

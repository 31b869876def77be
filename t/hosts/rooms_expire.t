use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room ends at its time for the peers of every host; one host's old idea of
# that time does not count.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(api_keys => [{ id => 'main' }]);

sub api ($at, $method, $path, $json) {
    my $nginx = $hosts->nginx($at);

    return $nginx->http->request($method => $path, json => $json,
        bearer => $nginx->api_key);
}

is(api(0, POST => 'rooms', { room => 'den', expires_in => 2 })->status, 201,
    'two seconds, at host 0');

my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

is(api(1, PATCH => 'rooms/den', { expires_in => 4 })->status, 200,
    'four, at host 1');

my $before = time;

is($bob->expect('room-updated')->{type}, 'room-updated', 'told');
is($bob->close_code(12), 4404, 'closed');
ok(time - $before >= 2, 'by the later time');
is(($bob->last_messages)[-1]{reason}, 'expired', 'as it has expired');

ok(eventually(5, sub {
    api($_, PATCH => 'rooms/den', {})->status == 404;
}), "host $_: no such room") for 0, 1;


done_testing;

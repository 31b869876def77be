use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Status qw(metrics samples status);
use Otter::Test;

# Refusals, errors and closes are counted by their codes; what a client makes
# up gets no label of its own.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }],
    server => "otter_max_peers 2;\n$Otter::Status::status_conf");

my ($alice, $bob) = peers($nginx, qw(alice bob));
my $http = $nginx->http;

$alice->expect('room-updated');

Otter::Peer->knock($nginx, 'carol');
$http->get('rooms');
$http->get('rooms', bearer => 'otk_nobody_' . 'x' x 43);
$http->get('no-such-path');

$alice->send('{"type":"dance"}');
$alice->expect('error');
$alice->signal('nobody', 1);
$alice->expect('error');

my $status = status($nginx);

is($status->{refusals}{$_}, 1, $_)
    for qw(room-full auth-required key-unknown not-found);
is($status->{refusals}{'token-expired'}, 0, 'what did not happen is 0');
is($status->{errors}{$_}, 1, $_) for qw(bad-message no-such-peer);

$bob->leave;
$alice->expect($_) for qw(peer-left room-updated);
$alice->ws->send_close(4999);
$alice->close_code;

ok(eventually(5, sub {
    my $closes = status($nginx)->{closes};

    return $closes->{1000} == 1 && $closes->{other} == 1;
}), 'closes');

my $sample = samples(metrics($nginx));

is($sample->{'otter_closes_total{code="1000"}'}, 1, 'a label is the code');
is((scalar grep { /4999/ } keys %$sample), 0,
    'what a client makes up is none');


done_testing;

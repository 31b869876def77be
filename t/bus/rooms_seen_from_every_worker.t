use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The API tells the same about a room on every worker.

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    api_keys => [{ id => 'main' }]);
my %as    = (bearer => $nginx->api_key);

my @peers = peers($nginx, map { "peer-$_" } 1 .. 5);
my $room  = $nginx->http->get('rooms/den', %as)->json;

is(scalar @{ $room->{peers} }, 5, 'all peers');
is_deeply($nginx->http->get('rooms/den', %as)->json, $room, "time $_")
    for 1 .. 20;

$_->leave for @peers;

ok(eventually(3, sub {
    my $answer = $nginx->http->get('rooms/den', %as);

    return $answer->status == 404
        || $answer->json->{status} eq 'open' && !@{ $answer->json->{peers} };
}), 'and when they are gone');


done_testing;

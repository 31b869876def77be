use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# limit_conn counts WebSockets for as long as they are open.

my $nginx = Otter::Nginx->start(
    http   => 'limit_conn_zone $binary_remote_addr zone=addr:1m;',
    server => 'limit_conn addr 2; limit_conn_status 429;',
);

sub open_one ($name) {
    return $nginx->websocket(
        token => mint($nginx->key, room => 'den', sub => $name));
}

my @ws = map { open_one("peer$_") } 1 .. 2;

is($_->status, 101, 'under the limit') for @ws;
$_->next_message for @ws;

is(open_one('more')->status, 429, 'over it');

$ws[0]->drop;
ok(eventually(5, sub { open_one('again')->status == 101 }),
    'one that is gone makes room');


done_testing;

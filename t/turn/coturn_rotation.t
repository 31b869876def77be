use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While a secret is rotated, coturn knows both, and credentials of both are
# good: the first line of Otter's file signs.

use Otter::Coturn;
use Otter::Keys qw(write_private);

my $coturn = Otter::Coturn->start(secrets => ['old-secret', 'new-secret']);

my $nginx = Otter::Nginx->start(
    turn_secrets => ['old-secret'],
    server       => 'otter_turn_uri turn:127.0.0.1:' . $coturn->port . ';',
);

sub credentials () {
    my $answer = $nginx->http->get('ice-servers',
        bearer => mint($nginx->key))->json;

    return @{ $answer->{ice_servers}[0] }{qw(username credential)};
}

my @old = credentials();

write_private($nginx->path('turn.secret'), "new-secret\nold-secret\n");
$nginx->reload;
ok($nginx->old_workers_leave(10), 'reloaded');

my @new = credentials();

isnt($new[1], $old[1], 'the new secret signs');
ok($coturn->relays(@new), 'coturn takes it');
ok($coturn->relays(@old), 'and what was handed out before');


done_testing;

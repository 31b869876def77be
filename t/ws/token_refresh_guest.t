use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A token that anybody can have does not prolong what a key has allowed: a
# moderator would stay one with a guest's.

my $nginx = Otter::Nginx->start(server => 'otter_guests on;');
my $alice = Otter::Peer->enter($nginx, 'alice',
    claims => { role => 'moderator', exp => int(time) + 3 });

my $token = $nginx->http->post('token',
    { room => 'den', identity => 'alice' })->json->{token};

$alice->send({ type => 'token', token => $token });
is($alice->expect('error')->{code}, 'token-of-another', 'refused');
is($alice->close_code(6), 4401, 'the peer ends with its own token');

my $zoe = Otter::Peer->enter($nginx, 'zoe', token => $nginx->http->post('token',
    { room => 'den', identity => 'zoe' })->json->{token});

$zoe->send({ type => 'token', token => $nginx->http->post('token',
    { room => 'den', identity => 'zoe' })->json->{token} });
ok($zoe->is_quiet, 'a guest goes on with another of its own');


done_testing;

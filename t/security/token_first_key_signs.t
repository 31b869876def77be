use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The server signs with its first private key, and verifies with all.

my $old = Otter::Key->hs256('old');
my $new = Otter::Key->es256('new');

my $nginx = Otter::Nginx->start(
    keys   => [$new, $old],
    server => 'otter_guests on;',
);

my $token = $nginx->http->post('token', { room => 'den' })->json->{token};

is(header_of($token)->{kid}, 'new', 'the first key signs');
is(header_of($token)->{alg}, 'ES256', 'by its algorithm');
is($nginx->http->get('session', bearer => $_)->status, 200, 'verified')
    for $token, mint($new), mint($old);


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET session tells the claims of a good token as the server sees them.

my $nginx = Otter::Nginx->start;
my $exp   = time + 300;

my $response = $nginx->http->get('session', bearer => mint($nginx->key,
    sub      => 'alice',
    room     => 'den',
    name     => 'Alice',
    role     => 'moderator',
    metadata => { team => 'otters' },
    jti      => 'j-1',
    exp      => $exp,
));

is($response->status, 200, 'status 200');
is($response->content_type, 'application/json', 'JSON');
like($response->header('Cache-Control') // '', qr/no-store/, 'not cached');

my $claims = $response->json;

is($claims->{sub}, 'alice', 'sub');
is($claims->{room}, 'den', 'room');
is($claims->{name}, 'Alice', 'name');
is($claims->{role}, 'moderator', 'role');
is($claims->{exp}, $exp, 'exp');
is($claims->{jti}, 'j-1', 'jti');
is($claims->{aud}, 'otter', 'aud');
is_deeply($claims->{metadata}, { team => 'otters' }, 'metadata');


done_testing;

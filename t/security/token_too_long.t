use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A token of a megabyte is refused before anything is done with it.

my $nginx = Otter::Nginx->start(http => 'large_client_header_buffers 4 2m;');

my %long = (
    'signed'   => mint($nginx->key, metadata => { x => 'y' x 750_000 }),
    'no JWT'   => 'x' x 1_000_000,
    'dots'     => '.' x 1_000_000,
    'segments' => join('.', ('A' x 333_333) x 3),
);

for my $name (sort keys %long) {
    is_problem($nginx->http->get('session', bearer => $long{$name}),
        '401 token-malformed', "$name: session");
    is_problem($nginx->websocket(token => $long{$name})->response,
        '401 token-malformed', "$name: socket");
}

my $usual = Otter::Nginx->start;

is($usual->http->get('session', bearer => 'x' x 1_000_000)->status, 400,
    'with the usual limits nginx itself refuses it');


done_testing;

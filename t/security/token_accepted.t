use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Good tokens of every key and form.

my $hs  = Otter::Key->hs256('hs');
my $es  = Otter::Key->es256('es');
my $nginx = Otter::Nginx->start(keys => [$hs, $es]);

my %good = (
    'HS256'                 => mint($hs),
    'ES256'                 => mint($es),
    'without typ'           => mint_raw($hs, to_json(claims(iss => 'hs')),
                                   typ => undef),
    'aud an array'          => mint($hs, aud => ['otter']),
    'aud an array of more'  => mint($hs, aud => ['badger', 'otter']),
    'claims of others'      => mint($hs, email => 'a@b.example', x => [1, {}]),
    'a long identity'       => mint($hs, sub => "\x{e5}" x 64),
    'a long room'           => mint($hs, room => 'a' x 128),
    'every character of a room' => mint($hs, room => 'AZaz09._~-'),
    'much metadata'         => mint($hs, metadata => { x => 'y' x 1500 }),
);

for my $name (sort keys %good) {
    is($nginx->http->get('session', bearer => $good{$name})->status, 200,
        "$name: session");
    is($nginx->websocket(token => $good{$name})->status, 101,
        "$name: socket");
}


done_testing;

# --lan serves HTTPS at the given address with a certificate made for it, and
# hands out that address for TURN.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Command qw(output_of run);
use Otter::JSON qw(from_json);
use Otter::Stack;

# an address of this machine that stands for one of the local network
my $address = '127.0.0.7';
my $stack = Otter::Stack->start(options => [ "--lan=$address" ]);
my $base = "https://$address:" . $stack->port;

is($stack->link, "$base/otter/room/demo", 'the link')
    or BAIL_OUT($stack->output);

my $certificate = $stack->state . "/lan-$address.crt";

is(run('curl', '-fsS', "$base/otter/health")->{exit}, 60,
   'nobody vouches for the certificate');

like(output_of('curl', '-fsS', '--cacert', $certificate,
               "$base/otter/health"),
     qr/"ok"/, 'it is valid for the address');

my $token = from_json(output_of('sh', '-c', $stack->token_command));

like($token->{ws_url}, qr{^wss://\Q$address\E:\d+/otter/ws$}, 'wss');
like($token->{join_url}, qr{^\Q$base\E/otter/room/demo#}, 'https');

my @uris = map { ref $_->{urls} ? @{ $_->{urls} } : $_->{urls} }
    @{ $token->{ice_servers} };

cmp_ok(scalar @uris, '>', 0, 'there are ICE servers');
is_deeply([ grep { !/^(?:stun|turn):\Q$address\E:\d+/ } @uris ], [],
          'all at the address');

like(output_of('curl', '-sS', '-o', '/dev/null', '-w',
               '%{http_code} %{redirect_url}',
               "http://$address:" . $stack->port . '/otter/'),
     qr{^307 \Q$base\E/otter/}, 'plain HTTP is sent to HTTPS');

is($stack->interrupt, 130, 'Ctrl-C ends it');

done_testing();

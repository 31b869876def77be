use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# No secret is in a log, a process list, or a dump of the configuration, and
# the workers need no right to read the files.

use Otter::Command qw(output_of);

my $es = Otter::Key->es256('es');
my $hs = Otter::Key->hs256('hs');

my $nginx = Otter::Nginx->start(
    workers      => 2,
    keys         => [$hs, $es],
    api_keys     => [{ id => 'main' }],
    turn_secrets => ['north-secret-of-coturn', 'south-secret-of-coturn'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478;',
);

my $http = $nginx->http;
my $key  = $nginx->api_key;

is($http->post('token', { room => 'den' }, bearer => $key)->status, 200,
    'a call with the key');
is($http->get('rooms', bearer => "${key}x")->status, 401, 'a wrong one');

my $alice    = Otter::Peer->enter($nginx, 'alice');
my $expired  = mint($hs, exp => 1);
my $answer   = $http->get('turn?service=turn', bearer => $alice->token)->json;

is($nginx->websocket(token => $expired)->status, 401, 'a bad token');

$nginx->reload;

my ($secret) = $key =~ /_([^_]+)$/;

my %secret = (
    'the API key'        => $secret,
    'the signing secret' => $hs->jwk->{k},
    'the private key'    => $es->jwk->{d},
    'a TURN secret'      => 'north-secret',
    'another'            => 'south-secret',
    'a join token'       => (split /\./, $alice->token)[2],
    'a refused token'    => (split /\./, $expired)[2],
    'a TURN password'    => $answer->{password},
    'a resume secret'    => $alice->secret,
);

my %place = (
    'the error log'     => $nginx->error_log,
    'the access log'    => $nginx->access_log,
    'the process list'  => output_of(qw(ps -eo args)),
    'nginx -T'          => output_of('nginx', '-T', '-q',
        '-p', $nginx->path(''), '-c', $nginx->path('nginx.conf')),
);

for my $place (sort keys %place) {
    ok(length $place{$place}, "$place was read");
    unlike($place{$place}, qr/\Q$secret{$_}\E/, "$_ is not in $place")
        for sort keys %secret;
}

unlike($nginx->read('keys.json'), qr/\Q$secret\E/,
    'the file of API keys has hashes alone');

for my $file (qw(jwt.json keys.json turn.secret)) {
    is(sprintf('%04o', (stat $nginx->path($file))[2] & 07777), '0600',
        "$file is private");
}


done_testing;

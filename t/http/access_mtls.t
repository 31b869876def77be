use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Command qw(output_of run);
use Otter::Keys qw(write_private);
use Otter::Test;
use File::Temp qw(tempdir);

# Certificates of clients (ssl_verify_client) in front of Otter: for all of
# it, or with "optional" for the calls of back ends alone.

my $folder = tempdir(CLEANUP => 1);


sub openssl (@arguments) {
    output_of('openssl', @arguments);
}

for my $ca (qw(ca other)) {
    openssl(qw(req -x509 -nodes -newkey rsa:2048 -days 2), '-subj', "/CN=$ca",
        '-keyout', "$folder/$ca.key", '-out', "$folder/$ca.crt");
    openssl(qw(req -nodes -newkey rsa:2048 -subj /CN=backend -keyout),
        "$folder/of-$ca.key", '-out', "$folder/of-$ca.csr");
    openssl(qw(x509 -req -days 2 -CAcreateserial), '-in',
        "$folder/of-$ca.csr", '-CA', "$folder/$ca.crt", '-CAkey',
        "$folder/$ca.key", '-out', "$folder/of-$ca.crt");
}

open my $file, '<', "$folder/ca.crt" or die "ca: $!";
my $trusted = join '', <$file>;

my $nginx = Otter::Nginx->start(tls => 1,
    files    => { 'ca.crt' => $trusted },
    api_keys => [{ id => 'main' }],
    server   => 'ssl_client_certificate %prefix%/ca.crt;
        ssl_verify_client on;',
    servers  => <<~'CONF',
        server {
            listen 127.0.0.1:%port:some% ssl;
            ssl_certificate %prefix%/tls.crt;
            ssl_certificate_key %prefix%/tls.key;
            ssl_client_certificate %prefix%/ca.crt;
            ssl_verify_client optional;
            otter_signaling on;
            otter_api_keys_file %prefix%/keys.json;

            # back ends have a certificate, browsers a token
            set $wanted "$ssl_client_verify $uri";
            if ($wanted ~ "^(?!SUCCESS )\S+ /otter/(token|rooms)") {
                return 403;
            }
        }
        CONF
);


# The status of a call with the certificate that the authority gave.

sub status ($port, $path, $ca = undef, @more) {
    my $result = run(qw(curl --silent --insecure --noproxy * --max-time 30
        --output /dev/null --write-out %{http_code}),
        $ca ? ('--cert', "$folder/of-$ca.crt", '--key', "$folder/of-$ca.key")
            : (), @more,
        'https://localhost:' . $nginx->port($port) . "/otter/$path");

    return $result->{stdout};
}

my @call = ('--header', 'Authorization: Bearer ' . $nginx->api_key, '--data',
    '{"room":"den"}');
my $token = mint($nginx->key);
my @ws    = (qw(--http1.1 --header), 'Connection: Upgrade', '--header',
    'Upgrade: websocket', '--header', 'Sec-WebSocket-Version: 13',
    '--header', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '--header',
    'Sec-WebSocket-Protocol: otter.v1', '--header',
    "Authorization: Bearer $token", '--max-time', 2);

is(status(tls => 'health'), 400, 'without a certificate');
is(status(tls => 'health', 'other'), 400, 'with one of somebody else');
is(status(tls => 'health', 'ca'), 200, 'with a good one');
is(status(tls => 'token', 'ca', @call), 200, 'to calls');
is(status(tls => 'ws', undef, @ws), 400, 'a socket without');
is(status(tls => 'ws', 'ca', @ws), 101, 'a socket with it');

is(status(some => 'token', undef, @call), 403, 'a call of a back end without');
is(status(some => 'token', 'ca', @call), 200, 'and with it');
is(status(some => 'rooms', 'ca', '--header',
    'Authorization: Bearer ' . $nginx->api_key), 200, 'rooms as well');
is(status(some => 'health'), 200, 'all else is open');


done_testing;

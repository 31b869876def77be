use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Test;

# Where a server is: URLs without a path, prefixes, TLS, and all that is
# none; the key is sent nowhere when something is wrong.

delete @ENV{qw(OTTER_URL OTTER_API_KEY_FILE OTTER_CA_FILE OTTER_STATUS_URL)};

# A proxy has nothing to do with a server on this machine.
$ENV{$_} = 'http://127.0.0.1:1' for qw(http_proxy https_proxy);

my $nginx = Otter::Nginx->start(tls => 1, prefix => '/calls/',
    server   => 'otter_prefix /calls/;',
    api_keys => [{ id => 'main', scopes => 'rooms' }],
    servers  => 'server { listen 127.0.0.1:%port:plain%; otter_signaling on; '
        . 'otter_api_keys_file %prefix%/keys.json; }');
my $key   = put('key', $nginx->api_key . "\n");
my $plain = 'http://127.0.0.1:' . $nginx->port('plain');
my $calls = 'http://127.0.0.1:' . $nginx->port . '/calls';
my $tls   = 'https://localhost:' . $nginx->port('tls') . '/calls/';
my @key   = ('--api-key-file', $key);

for my $url ($plain, "$plain/", "$plain/otter", "$plain/otter/", $calls,
    "$calls/", "$calls/?x=1#y")
{
    is(otter('rooms', '--url', $url, @key)->{exit}, 0, $url);
}

my $result = otter('rooms', '--url', $tls, @key);

is($result->{exit}, 1, 'a certificate that nobody knows');
like($result->{stderr}, qr/certificate/, 'the reason');
is(otter('rooms', '--url', $tls, @key, '--ca-file',
    $nginx->path('tls.crt'))->{exit}, 0, 'but for --ca-file');

for my $case (
    [2, qr/--url is missing/,          @key],
    [2, qr/--api-key-file is missing/, '--url', $plain],
    [2, qr/no URL of http or https/,   '--url', 'ftp://localhost/', @key],
    [2, qr/no URL of http or https/,   '--url', 'localhost', @key],
    [1, qr/nothing-here/,              '--url', $plain, '--api-key-file',
        file_in('nothing-here')],
    [1, qr/no API key in its first line/, '--url', $plain,
        '--api-key-file', put('empty', '')],
    [1, qr/no API key in its first line/, '--url', $plain,
        '--api-key-file', put('word', "secret\n")],
    [1, qr/127\.0\.0\.1:1\//,          '--url', 'http://127.0.0.1:1', @key],
    [1, qr/404, and not of Otter/,     '--url', "$plain/elsewhere/", @key],
) {
    my ($exit, $message, @arguments) = @$case;

    $result = otter('rooms', @arguments);

    is($result->{exit}, $exit, "exit $exit");
    like($result->{stderr}, $message, 'the reason');
    is($result->{stdout}, '', 'and no result');
    unlike($result->{stderr}, qr/secret|otk_/, 'which tells no secret');
}


done_testing;

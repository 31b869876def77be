use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# HTTPS endpoints: the certificate is checked, connections are kept.

use File::Temp qw(tempdir);
use Otter::Command qw(output_of);
use Otter::Keys qw(write_private);
use Otter::Receiver;
use Otter::Redis;
use Otter::Webhooks qw(is_signed);

my $folder = tempdir('otter-https-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my @new    = qw(openssl req -nodes -newkey ec -pkeyopt
    ec_paramgen_curve:prime256v1);

output_of(@new, qw(-x509 -days 2 -subj /CN=ca -keyout), "$folder/ca.key",
    '-out', "$folder/ca.crt");
output_of(@new, qw(-subj /CN=hook -keyout), "$folder/tls.key", '-out',
    "$folder/tls.csr");
write_private("$folder/ext", "subjectAltName=DNS:localhost\n");
output_of(qw(openssl x509 -req -days 2 -CAcreateserial -in),
    "$folder/tls.csr", '-CA', "$folder/ca.crt", '-CAkey', "$folder/ca.key",
    '-extfile', "$folder/ext", '-out', "$folder/tls.crt");


sub text ($name) {
    open my $file, '<', "$folder/$name" or die "$name: $!";
    local $/;

    return readline $file;
}


my $receiver = Otter::Receiver->start;
my $nginx = Otter::Nginx->start(
    secrets => { 'hook.key' => text('tls.key') },
    files   => { 'hook.crt' => text('tls.crt') },
    http    => <<"CONF" =~ s/RECEIVER/127.0.0.1:@{[ $receiver->port ]}/r,
log_format hooks '\$uri \$connection \$ssl_protocol';
server {
    listen 127.0.0.1:%port:hooks% ssl;
    ssl_certificate %prefix%/hook.crt;
    ssl_certificate_key %prefix%/hook.key;
    access_log %prefix%/hooks.log hooks;
    location / { proxy_pass http://RECEIVER; }
}
CONF
);
my $port = $nginx->port('hooks');
my $redis = Otter::Redis->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { attempts => 1, timeout => '3s', lease => '6s' },
    endpoints => {
        good    => { url => "https://localhost:$port/good",
            ca => "$folder/ca.crt", allow_http => 'off' },
        unknown => { url => "https://localhost:$port/unknown" },
        name    => { url => "https://127.0.0.1:$port/name",
            ca => "$folder/ca.crt" },
    },
);

$webhooks->start;
$webhooks->emit('den') for 1 .. 10;

my @requests = $receiver->wait_for(good => 10);

ok(is_signed($requests[0]), 'an event comes by HTTPS');

my %connections = map { (split)[1] => 1 } grep { /^\/good / }
    split /\n/, $nginx->read('hooks.log');

is(keys %connections, 1, 'ten of them over one connection');

my $dead;

ok(eventually(10, sub {
    $dead = $webhooks->command('list')->{dead};
    return @$dead == 20;
}), 'the others are given up');

for my $name (qw(unknown name)) {
    my ($letter) = grep { $_->{endpoint} eq $name } @$dead;

    like($letter->{error}, qr/certificate|SSL/i, "$name: $letter->{error}");
    is(scalar(my @none = $receiver->requests($name)), 0, '... nothing came');
}


done_testing;

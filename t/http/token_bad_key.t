use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Without a key that is known and valid, POST token is a 401.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }, { id => 'brief', 'expires-in' => 1 }],
);

my $key    = $nginx->api_key;
my ($id, $secret) = $key =~ /^otk_(.+)_(.+)$/;
my $wrong  = $secret =~ s/(.)$/$1 eq 'A' ? 'B' : 'A'/er;
my $expiry = time + 2;

my %authorization = (
    'none'                  => undef,
    'empty'                 => '',
    'one letter'            => 'X',
    'a scheme alone'        => 'Bearer',
    'a scheme and a space'  => 'Bearer ',
    'no scheme'             => $key,
    'another scheme'        => "Basic $key",
    'an unknown id'         => "Bearer otk_other_$secret",
    'a wrong secret'        => "Bearer otk_${id}_$wrong",
    'a secret cut short'    => 'Bearer ' . substr($key, 0, -1),
    'a secret with more'    => "Bearer ${key}A",
    'no secret'             => "Bearer otk_${id}_",
    'no id'                 => "Bearer otk__$secret",
    'a prefix alone'        => 'Bearer otk_',
    'another prefix'        => "Bearer xyz_${id}_$secret",
    'very long'             => 'Bearer otk_' . 'a' x 5000,
    'bytes'                 => "Bearer otk_\xff\xfe_\x80",
    'a join token'          => 'Bearer ' . mint($nginx->key),
);

for my $name (sort keys %authorization) {
    my $value    = $authorization{$name};
    my $response = $nginx->http->post('token', { room => 'den' },
        headers => [defined $value ? (Authorization => $value) : ()]);

    is_problem($response, '401', $name);
    like($response->header('WWW-Authenticate') // '', qr/^Bearer/,
        "$name: the challenge");
}

is($nginx->http->post('token', { room => 'den' },
    headers => [Authorization => "bearer $key"])->status, 200,
    'the scheme is not case-sensitive');

eventually(5, sub { time >= $expiry });

is_problem($nginx->http->post('token', { room => 'den' },
    bearer => $nginx->api_key('brief')), '401 key-expired', 'an expired key');


done_testing;

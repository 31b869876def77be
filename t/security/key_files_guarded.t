use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A key file that others may read, or that is no proper file, fails "nginx -t"
# with file, line and reason.

use Otter::Keys qw(write_jwk_set write_private);

my $folder = Otter::Nginx->start->path('');
my $key    = Otter::Key->hs256('k');

sub refused ($directive, $path, $name) {
    my $check = Otter::Nginx->check(keys => [],
        server => "\n$directive $path;");
    my ($before) = $check->{conf} =~ /^(.*?)^[ ]*\Q$directive\E /ms;
    my $line = 1 + $before =~ tr/\n//;

    ok(!$check->{ok}, "$directive: $name");
    like($check->{output}, qr/\[emerg\].*nginx\.conf:$line\b/,
        'with file and line') || diag($check->{output});
    like($check->{output}, qr/\Q$path\E/, 'naming the file');
    unlike($check->{output}, qr/$key->{jwk}{k}|north-secret/,
        'not what is in it');
}

my %text = (
    otter_jwt_key_file     => to_json({ keys => [$key->jwk] }),
    otter_turn_secret_file => "north-secret\n",
    otter_api_keys_file    => '{"keys":[]}',
);

for my $directive (sort keys %text) {
    my $path = "$folder$directive";

    for my $mode (0644, 0604, 0602) {
        write_private($path, $text{$directive}, $mode);
        refused($directive, $path, sprintf 'mode %04o', $mode);
    }

    unlink $path;
    refused($directive, $path, 'missing');

    mkdir $path;
    refused($directive, $path, 'a folder');
    rmdir $path;

    write_private($path, '');
    refused($directive, $path, 'empty');

    write_private($path, "\0" x 64);
    refused($directive, $path, 'no text');

    symlink '/dev/zero', "$path.zero";
    refused($directive, "$path.zero", 'a device');
}

my %jwks = (
    'no JSON'           => '{"keys":[',
    'no JWK set'        => '{"kty":"oct"}',
    'keys no array'     => '{"keys":{}}',
    'no key'            => '{"keys":[]}',
    'a short secret'    => '{"keys":[{"kty":"oct","kid":"a","alg":"HS256","k":"'
        . 'QUJD' . '"}]}',
    'a secret not base64url' =>
        '{"keys":[{"kty":"oct","kid":"a","k":"' . '+' x 64 . '"}]}',
    'an unknown kty'    => '{"keys":[{"kty":"abc","kid":"a"}]}',
    'a kid twice'       => to_json({ keys => [$key->jwk, $key->jwk] }),
    'a point off the curve' => '{"keys":[{"kty":"EC","crv":"P-256","kid":"a",'
        . '"x":"' . 'A' x 43 . '","y":"' . 'A' x 43 . '"}]}',
    'alg of another type' =>
        to_json({ keys => [{ %{ $key->jwk }, alg => 'ES256' }] }),
);

for my $name (sort keys %jwks) {
    write_private("${folder}jwks", $jwks{$name});
    refused('otter_jwt_key_file', "${folder}jwks", $name);
}


done_testing;

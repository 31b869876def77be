package Otter::Token;

# Join tokens, good ones and every kind of bad one.

use v5.36;

use Exporter 'import';
use MIME::Base64 qw(decode_base64url encode_base64url);
use Otter::JSON qw(from_json to_json);

our @EXPORT_OK = qw(claims claims_of compact header_of mint mint_raw unsigned);

my $serial = 0;


# mint($key, room => 'den', sub => 'alice', ...): a good token unless a claim
# given makes it bad.  A claim of undef is left out.

sub mint ($key, %claims) {
    return mint_raw($key, to_json(claims(iss => $key->kid, %claims)));
}


sub claims (%claims) {
    my $now = time;
    my %all = (
        sub  => 'alice',
        aud  => 'otter',
        room => 'den',
        iat  => $now,
        nbf  => $now,
        exp  => $now + 600,
        jti  => "$$-" . ++$serial,
        %claims,
    );

    delete @all{ grep { !defined $all{$_} } keys %all };

    return \%all;
}


# The claims as text; header members override the usual ones, undef leaves
# one out.

sub mint_raw ($key, $claims, %header) {
    my %all = (alg => $key->alg, typ => 'JWT', kid => $key->kid, %header);

    delete @all{ grep { !defined $all{$_} } keys %all };

    return compact($key, to_json(\%all), $claims);
}


# Header and claims exactly as given.

sub compact ($key, $header, $claims) {
    my $input = join '.', map { encode_base64url($_) } $header, $claims;

    return $input . '.' . encode_base64url($key->sign($input));
}


sub unsigned ($header, $claims) {
    return join '.', encode_base64url($header), encode_base64url($claims), '';
}


sub header_of ($token) {
    return from_json(decode_base64url((split /\./, $token)[0]));
}


sub claims_of ($token) {
    return from_json(decode_base64url((split /\./, $token)[1]));
}


1;

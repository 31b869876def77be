package Otter::Key;

# One signing key: its JWK, and signatures made with it.  HMAC is done here,
# everything else by the openssl command.

use v5.36;

use Carp qw(croak);
use Digest::SHA qw(hmac_sha256);
use File::Temp ();
use MIME::Base64 qw(encode_base64url);
use Otter::Command qw(output_of);


sub hs256 ($class, $kid, $secret = _random(32)) {
    return bless {
        kid    => $kid,
        alg    => 'HS256',
        secret => $secret,
        jwk    => { kty => 'oct', k => encode_base64url($secret) },
    }, $class;
}


sub es256 ($class, $kid) {
    my $self = $class->_generate($kid, 'ES256', EC =>
        -pkeyopt => 'ec_paramgen_curve:P-256');
    my ($private, $public) = $self->_numbers;

    # The public point is 04, x, y.
    $self->{jwk} = {
        kty => 'EC',
        crv => 'P-256',
        x   => encode_base64url(substr $public, 1, 32),
        y   => encode_base64url(substr $public, 33, 32),
        d   => encode_base64url($private),
    };

    return $self;
}


sub eddsa ($class, $kid) {
    my $self = $class->_generate($kid, 'EdDSA', 'ED25519');
    my ($private, $public) = $self->_numbers;

    $self->{jwk} = {
        kty => 'OKP',
        crv => 'Ed25519',
        x   => encode_base64url($public),
        d   => encode_base64url($private),
    };

    return $self;
}


# No key file takes an RSA key: this one is for attackers.

sub rs256 ($class, $kid) {
    return $class->_generate($kid, 'RS256', RSA =>
        -pkeyopt => 'rsa_keygen_bits:2048');
}


sub _generate ($class, $kid, $alg, $algorithm, @options) {
    my $pem = File::Temp->new;

    $pem->print(output_of(qw(openssl genpkey -quiet -algorithm), $algorithm,
        @options));
    $pem->flush;

    return bless { kid => $kid, alg => $alg, pem => $pem }, $class;
}


sub _numbers ($self) {
    my $text = output_of(qw(openssl pkey -noout -text -in), $self->{pem});
    my ($private, $public)
        = $text =~ /^priv:\n([\s0-9a-f:]+)^pub:\n([\s0-9a-f:]+)/m
        or croak "openssl printed no key: $text";

    s/[^0-9a-f]//g, $_ = pack 'H*', $_ for $private, $public;

    return (substr("\0" x 32 . $private, -32), $public);
}


sub kid ($self) { return $self->{kid} }
sub alg ($self) { return $self->{alg} }


# The JWK with its private part, as key files hold it.

sub jwk ($self) {
    return { %{ $self->{jwk} }, kid => $self->{kid}, alg => $self->{alg} };
}


sub public_jwk ($self) {
    my $jwk = $self->jwk;

    delete @$jwk{qw(d k)};

    return $jwk;
}


sub public_pem ($self) {
    return output_of(qw(openssl pkey -pubout -in), $self->{pem});
}


sub public_der ($self) {
    return output_of(qw(openssl pkey -pubout -outform DER -in), $self->{pem});
}


# The JWS signature (RFC 7515) of the bytes.

sub sign ($self, $bytes) {
    return hmac_sha256($bytes, $self->{secret}) if defined $self->{secret};

    my $input = File::Temp->new;

    binmode $input;
    $input->print($bytes);
    $input->flush;

    my @key = (-inkey => $self->{pem}, -in => $input);

    return output_of(qw(openssl pkeyutl -sign -rawin), @key)
        if $self->{alg} eq 'EdDSA';

    my $signature = output_of(qw(openssl pkeyutl -sign -rawin -digest sha256),
        @key);

    return $self->{alg} eq 'ES256' ? _fixed_width($signature) : $signature;
}


# ECDSA-Sig-Value in DER to r and s of 32 bytes each.

sub _fixed_width ($der) {
    my ($r, $s) = unpack 'x3 C/a x C/a', $der;

    return join '', map { substr "\0" x 32 . $_, -32 } $r, $s;
}


sub _random ($length) {
    open my $file, '<:raw', '/dev/urandom' or croak "/dev/urandom: $!";
    read $file, my ($bytes), $length;

    return $bytes;
}


1;

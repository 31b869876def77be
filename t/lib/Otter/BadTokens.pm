package Otter::BadTokens;

# Every kind of token that must be refused, given a symmetric key ("hs") and
# an EC key ("es") that the server knows.

use v5.36;

use Exporter 'import';
use MIME::Base64 qw(decode_base64url encode_base64url);
use Otter::JSON qw(false to_json true);
use Otter::Key;
use Otter::Token qw(claims compact mint mint_raw unsigned);

our @EXPORT_OK = qw(bad_tokens);

my %table = (
    'token-malformed' => [
        \&_unsigned, \&_not_three_segments, \&_not_base64url, \&_not_json,
        \&_doubled,
    ],
    'token-bad-algorithm'  => [\&_other_algorithm, \&_critical],
    'token-unknown-key'    => [\&_unknown_key],
    'token-bad-signature'  => [\&_other_signature, \&_broken_ecdsa],
    'token-bad-claims'     => [\&_mistyped, \&_incomplete],
    'token-wrong-audience' => [\&_other_audience],
    'token-expired'        => [\&_expired],
    'token-not-yet-valid'  => [\&_early],
);


# A list of { name, token, code }.

sub bad_tokens ($hs, $es) {
    my @rows;

    for my $code (sort keys %table) {
        for my $kind (@{ $table{$code} }) {
            my %token = $kind->($hs, $es);

            push @rows, map { { name => $_, token => $token{$_},
                code => $code } } sort keys %token;
        }
    }

    return @rows;
}


sub _payload ($key, %claims) {
    return to_json(claims(iss => $key->kid, %claims));
}


# The claims, with one value replaced by a text that needn't be JSON.

sub _with ($key, $name, $json) {
    my $payload = _payload($key, $name => 'REPLACED');

    return mint_raw($key, $payload =~ s/"REPLACED"/$json/r);
}


sub _unsigned ($hs, $es) {
    my $payload = _payload($hs);
    my ($head, $body, $signature) = split /\./, mint($hs);

    return (
        map({ (
            "alg $_" => unsigned(qq({"alg":"$_","kid":"hs"}), $payload),
            "alg $_ without kid" => unsigned(qq({"alg":"$_"}), $payload),
        ) } qw(none None NONE nOnE)),
        'alg empty'    => unsigned('{"alg":"","kid":"hs"}', $payload),
        'no signature' => "$head.$body.",
    );
}


sub _not_three_segments ($hs, $es) {
    my $good = mint($hs);
    my ($head, $body, $signature) = split /\./, $good;

    return (
        'one letter'    => 'x',
        'a dot'         => '.',
        'two dots'      => '..',
        'three dots'    => '...',
        'two segments'  => "$head.$body",
        'four segments' => "$good.$signature",
        'five segments' => "$good.x.y",
        'no header'     => ".$body.$signature",
        'no claims'     => "$head..$signature",
        'a dot behind'  => "$good.",
        'a dot before'  => ".$good",
    );
}


sub _not_base64url ($hs, $es) {
    my $good = mint($hs);
    my ($head, $body, $signature) = split /\./, $good;

    return (
        'padding'               => "$good=",
        'padding within'        => "$head=.$body.$signature",
        'base64 with plus'      => "$head.$body.+" . substr($signature, 1),
        'base64 with slash'     => "$head.$body./" . substr($signature, 1),
        'a segment of one letter'   => "$head.$body.A",
        'a segment of five letters' => "$head.AAAAA.$signature",
        'a percent sign'        => "$head.$body.%41",
        'bytes'                 => "\xff\xfe.\x80\x81.\xff",
        'a space within'        => "$head. $body.$signature",
        'a signature cut short' => "$head.$body." . substr($signature, 0, 22),

        # The last character of 32 bytes has two bits that mean nothing.
        'base64 not canonical'  =>
            "$head.$body." . $signature =~ s/(.)$/chr(ord($1) + 1)/er,
    );
}


sub _not_json ($hs, $es) {
    my $payload = _payload($hs);
    my $deep    = '[' x 5000 . ']' x 5000;
    my $within  = qq({"alg":"HS256","kid":"hs","x":$deep});

    return (
        'header no JSON'    => compact($hs, 'x', $payload),
        'header a string'   => compact($hs, '"x"', $payload),
        'header an array'   => compact($hs, '[]', $payload),
        'header deep'       => compact($hs, $within, $payload),
        'header with a zero' =>
            compact($hs, '{"alg":"HS256\u0000","kid":"hs"}', $payload),
        'claims no JSON'    => mint_raw($hs, 'x'),
        'claims an array'   => mint_raw($hs, '[]'),
        'claims null'       => mint_raw($hs, 'null'),
        'claims deep'       => mint_raw($hs, $deep),
        'claims deep in objects' =>
            mint_raw($hs, '{"a":' x 5000 . '1' . '}' x 5000),
        'claims not UTF-8'  => mint_raw($hs, $payload =~ s/alice/\xff/r),
        'claims with more behind' => mint_raw($hs, "$payload x"),
        'claims with a comment'   => mint_raw($hs, "/**/$payload"),
        'exp beyond numbers' => _with($hs, exp => '1e400'),
        'sub with a zero'   => mint($hs, sub => "a\0b"),
    );
}


sub _doubled ($hs, $es) {
    my %twice = (
        exp  => time + 600,
        room => '"lodge"',
        aud  => '"otter"',
    );

    return (
        map({ my $name = $_;
            "$name twice" => mint_raw($hs,
                _payload($hs) =~ s/\}$/,"$name":$twice{$name}}/r)
        } keys %twice),
        'alg twice' => compact($hs,
            '{"alg":"HS256","alg":"HS256","kid":"hs"}', _payload($hs)),
    );
}


# The key decides on the algorithm, never the token.

sub _other_algorithm ($hs, $es) {
    my $payload   = _payload($es);
    my $rsa       = Otter::Key->rs256('es');
    my $signature = (split /\./, mint($hs))[2];

    my %public = (
        'PEM'        => $es->public_pem,
        'DER'        => $es->public_der,
        'JWK'        => to_json($es->public_jwk),
        'coordinate' => $es->public_jwk->{x},
        'nothing'    => '',
    );

    return (
        map({ (
            "HMAC with the public key as $_" => compact(
                Otter::Key->hs256('es', $public{$_}),
                '{"alg":"HS256","kid":"es"}', $payload),
        ) } keys %public),
        map({ (
            "alg $_ with a signature" => unsigned(
                qq({"alg":"$_","kid":"hs"}), _payload($hs)) . $signature,
        ) } qw(none None NONE nOnE)),
        'RS256 by a stranger'  => mint($rsa),
        'RS256 declared HS256' => mint_raw($rsa, $payload, alg => 'HS256'),
        'HS256 declared ES256' => mint_raw($hs, $payload, alg => 'ES256'),
        'HS256 declared HS512' => mint_raw($hs, $payload, alg => 'HS512'),
        'ES256 declared HS256' => mint_raw($es, $payload, alg => 'HS256'),
        'kid of another key'   => mint_raw($hs, $payload, kid => 'es'),
        'alg a number'   => compact($hs, '{"alg":1,"kid":"hs"}', $payload),
        'alg an array'   =>
            compact($hs, '{"alg":["HS256"],"kid":"hs"}', $payload),
        'alg missing'    => compact($hs, '{"kid":"hs"}', $payload),
    );
}


# No extension is understood (RFC 7515, 4.1.11).

sub _critical ($hs, $es) {
    my $payload = _payload($hs);

    return (
        'crit' => mint_raw($hs, $payload, crit => ['exp']),
        'crit of an unknown extension' =>
            mint_raw($hs, $payload, crit => ['x'], x => 1),
        'crit empty' => mint_raw($hs, $payload, crit => []),
        'b64 false'  =>
            mint_raw($hs, $payload, crit => ['b64'], b64 => false),
    );
}


sub _unknown_key ($hs, $es) {
    my $payload = _payload($hs);

    return (
        'kid unknown'   => mint_raw($hs, $payload, kid => 'other'),
        'kid missing'   => mint_raw($hs, $payload, kid => undef),
        'kid empty'     => mint_raw($hs, $payload, kid => ''),
        'kid a number'  => mint_raw($hs, $payload, kid => 1),
        'kid a path'    => mint_raw($hs, $payload,
            kid => '../../../dev/null'),
        'kid very long' => mint_raw($hs, $payload, kid => 'x' x 4000),
        'a key at an address' => mint_raw(Otter::Key->hs256('x'), $payload,
            jku => 'http://127.0.0.1:1/jwks.json'),
    );
}


sub _other_signature ($hs, $es) {
    my ($head, $body) = split /\./, mint($hs);
    my $own = Otter::Key->hs256('hs', 'x' x 32);

    return (
        'signature zeroed'           => "$head.$body." . 'A' x 43,
        'signature of another token' =>
            "$head.$body." . (split /\./, mint($hs))[2],
        'key of a stranger'          => mint(Otter::Key->hs256('hs')),
        'EC key of a stranger'       => mint(Otter::Key->es256('es')),
        'a key of its own in the header' => mint_raw($own, _payload($hs),
            jwk => { kty => 'oct', k => encode_base64url('x' x 32) }),
    );
}


# ES256 signatures are r and s, 32 bytes each, neither of them 0.

sub _broken_ecdsa ($hs, $es) {
    my ($head, $body, $signature) = split /\./, mint($es);
    my ($r, $s) = unpack 'a32a32', decode_base64url($signature);

    my %bytes = (
        'zeros'             => "\0" x 64,
        'r zero'            => "\0" x 32 . $s,
        's zero'            => $r . "\0" x 32,
        'ones'              => "\xff" x 64,
        'r alone'           => $r,
        'one byte too few'  => substr("$r$s", 0, 63),
        'one byte too many' => "$r$s\0",
        'exchanged'         => "$s$r",
        'DER'               => "\x30\x44\2\x20$r\2\x20$s",
    );

    return map { (
        "ECDSA signature: $_" => "$head.$body."
            . encode_base64url($bytes{$_}),
    ) } keys %bytes;
}


sub _mistyped ($hs, $es) {
    my $now = time;

    my @cases = (
        ['exp a string',     exp      => '' . ($now + 600)],
        ['exp an array',     exp      => [$now + 600]],
        ['exp true',         exp      => true],
        ['exp an object',    exp      => {}],
        ['exp negative',     exp      => -1],
        ['nbf a string',     nbf      => "$now"],
        ['iat a string',     iat      => "$now"],
        ['sub empty',        sub      => ''],
        ['sub a number',     sub      => 7],
        ['sub too long',     sub      => 'a' x 129],
        ['sub with a line break', sub => "a\nb"],
        ['room empty',       room     => ''],
        ['room a dot',       room     => '.'],
        ['room two dots',    room     => '..'],
        ['room a star',      room     => '*'],
        ['room an array',    room     => ['den']],
        ['room true',        room     => true],
        ['room too long',    room     => 'a' x 129],
        ['room with a slash', room    => 'a/b'],
        ['role unknown',     role     => 'king'],
        ['role a number',    role     => 1],
        ['name an object',   name     => {}],
        ['metadata a string', metadata => 'x'],
        ['aud a number',     aud      => 1],
    );

    return (
        map({ $_->[0] => mint($hs, @$_[1, 2]) } @cases),
        'exp null' => _with($hs, exp => 'null'),
    );
}


sub _incomplete ($hs, $es) {
    return map { ("$_ missing" => mint($hs, $_ => undef)) }
        qw(exp sub room aud);
}


sub _other_audience ($hs, $es) {
    return (
        'aud another'         => mint($hs, aud => 'badger'),
        'aud in capitals'     => mint($hs, aud => 'OTTER'),
        'aud with more'       => mint($hs, aud => 'otters'),
        'aud array of others' => mint($hs, aud => ['badger']),
        'aud empty array'     => mint($hs, aud => []),
    );
}


sub _expired ($hs, $es) {
    my $now = time;

    return (
        'exp 0'            => mint($hs, exp => 0),
        'expired long ago' => mint($hs, exp => 1),
        'expired a second ago' => mint($hs, exp => $now - 1),
        'expired a minute ago' => mint($hs, iat => $now - 120,
            nbf => $now - 120, exp => $now - 60),
    );
}


sub _early ($hs, $es) {
    return ('not yet valid' => mint($hs, nbf => time + 300));
}


1;

package Otter::BadTokens;

# Every kind of token that must be refused, given a symmetric and an EC key
# that the server knows.

use v5.36;

use Exporter 'import';
use MIME::Base64 qw(decode_base64url encode_base64url);
use Otter::JSON qw(to_json);
use Otter::Key;
use Otter::Token qw(claims compact mint mint_raw unsigned);

our @EXPORT_OK = qw(bad_tokens);

my $EXPIRED = 'token-expired';
my $EARLY   = 'token-not-yet-valid';


# A list of { name, token, code }; code is undef where any will do.

sub bad_tokens ($hs, $es) {
    my @table = (
        _unsigned($hs),
        _confused($hs, $es),
        _misread($hs),
        _mistyped($hs),
        _misspelt($hs),
        _untimely($hs),
        _broken_ecdsa($es),
    );

    my @rows;

    while (my ($name, $token, $code) = splice @table, 0, 3) {
        push @rows, { name => $name, token => $token, code => $code };
    }

    return @rows;
}


sub _payload ($key) {
    return to_json(claims(iss => $key->kid));
}


sub _unsigned ($hs) {
    my $payload = _payload($hs);
    my ($head, $body, $signature) = split /\./, mint($hs);

    return (
        (map { (
            "alg $_",
            unsigned(qq({"alg":"$_","kid":"hs"}), $payload), undef,
            "alg $_ without kid",
            unsigned(qq({"alg":"$_"}), $payload), undef,
            "alg $_ with a signature",
            unsigned(qq({"alg":"$_","kid":"hs"}), $payload) . $signature, undef,
        ) } qw(none None NONE nOnE)),
        'alg empty',        unsigned('{"alg":"","kid":"hs"}', $payload), undef,
        'no signature',     "$head.$body.",                              undef,
        'signature zeroed', "$head.$body." . 'A' x 43,                   undef,
        'signature of another token',
        "$head.$body." . (split /\./, mint($hs))[2],                     undef,
        'signature cut short', "$head.$body." . substr($signature, 0, 22), undef,
    );
}


# Keys used with an algorithm that isn't theirs, and keys nobody knows.

sub _confused ($hs, $es) {
    my $payload = _payload($es);
    my $header  = '{"alg":"HS256","kid":"es"}';
    my $rsa     = Otter::Key->rs256('es');
    my $x       = $es->public_jwk->{x};

    my %public = (
        'PEM'        => $es->public_pem,
        'DER'        => $es->public_der,
        'JWK'        => to_json($es->public_jwk),
        'coordinate' => $x,
        'nothing'    => '',
    );

    return (
        (map { (
            "HMAC with the public key as $_",
            compact(Otter::Key->hs256('es', $public{$_}), $header, $payload),
            undef,
        ) } sort keys %public),
        'RS256 by a stranger', mint($rsa),                                undef,
        'RS256 declared HS256', mint_raw($rsa, $payload, alg => 'HS256'), undef,
        'HS256 declared ES256', mint_raw($hs, $payload, alg => 'ES256'),  undef,
        'HS256 declared HS512', mint_raw($hs, $payload, alg => 'HS512'),  undef,
        'ES256 declared HS256', mint_raw($es, $payload, alg => 'HS256'),  undef,
        'kid of another key',  mint_raw($hs, $payload, kid => 'es'),      undef,
        'kid unknown',         mint_raw($hs, $payload, kid => 'other'),   undef,
        'kid missing',         mint_raw($hs, $payload, kid => undef),   undef,
        'kid empty',           mint_raw($hs, $payload, kid => ''),        undef,
        'kid a number',        mint_raw($hs, $payload, kid => 1),         undef,
        'kid a path',
        mint_raw($hs, $payload, kid => '../../../dev/null'),              undef,
        'kid very long',       mint_raw($hs, $payload, kid => 'x' x 4000), undef,
        'key of a stranger',   mint(Otter::Key->hs256('hs')),             undef,
        'EC key of a stranger', mint(Otter::Key->es256('es')),            undef,
        'a key of its own in the header',
        mint_raw(Otter::Key->hs256('hs', 'x' x 32), $payload,
            jwk => { kty => 'oct', k => encode_base64url('x' x 32) }),    undef,
        'a key at an address',
        mint_raw(Otter::Key->hs256('x'), $payload,
            jku => 'http://127.0.0.1:1/jwks.json'),                       undef,
        'crit', mint_raw($hs, $payload, crit => ['exp']),                 undef,
        'crit of an unknown extension',
        mint_raw($hs, $payload, crit => ['b65'], b65 => 1),               undef,
        'crit empty',          mint_raw($hs, $payload, crit => []),       undef,
        'b64 false',
        mint_raw($hs, $payload, crit => ['b64'], b64 => JSON::PP::false), undef,
    );
}


# Texts that are no three segments of base64url with JSON objects in them.

sub _misread ($hs) {
    my $good = mint($hs);
    my ($head, $body, $signature) = split /\./, $good;
    my $deep = '[' x 5000 . ']' x 5000;
    my $name = '{"a":' x 5000 . '1' . '}' x 5000;

    # The last character of 32 bytes carries two bits that mean nothing.
    my $alike = $signature =~ s/(.)$/chr(ord($1) + 1)/er;

    return (
        'one letter',         'x',                          undef,
        'a dot',              '.',                          undef,
        'two dots',           '..',                         undef,
        'three dots',         '...',                        undef,
        'two segments',       "$head.$body",                undef,
        'four segments',      "$good.$signature",           undef,
        'five segments',      "$good.x.y",                  undef,
        'no header',          ".$body.$signature",          undef,
        'no claims',          "$head..$signature",          undef,
        'a dot behind',       "$good.",                     undef,
        'a dot before',       ".$good",                     undef,
        'padding',            "$good=",                     undef,
        'padding within',     "$head=.$body.$signature",    undef,
        'base64 with plus',   "$head.$body.+" . substr($signature, 1), undef,
        'base64 with slash',  "$head.$body./" . substr($signature, 1), undef,
        'base64 not canonical', "$head.$body.$alike",       undef,
        'a segment of one letter', "$head.$body.A",         undef,
        'a segment of five letters', "$head.AAAAA.$signature", undef,
        'a percent sign',     "$head.$body.%41",            undef,
        'bytes',              "\xff\xfe.\x80\x81.\xff",     undef,
        'a space within',     "$head. $body.$signature",    undef,
        'header no JSON',     compact($hs, 'x', _payload($hs)),   undef,
        'header a string',    compact($hs, '"x"', _payload($hs)), undef,
        'header an array',    compact($hs, '[]', _payload($hs)),  undef,
        'header deep',
        compact($hs, qq({"alg":"HS256","kid":"hs","x":$deep}), _payload($hs)),
        undef,
        'header with a zero',
        compact($hs, qq({"alg":"HS256\\u0000","kid":"hs"}), _payload($hs)),
        undef,
        'alg twice',
        compact($hs, '{"alg":"HS256","alg":"HS256","kid":"hs"}', _payload($hs)),
        undef,
        'alg a number',
        compact($hs, '{"alg":1,"kid":"hs"}', _payload($hs)), undef,
        'alg an array',
        compact($hs, '{"alg":["HS256"],"kid":"hs"}', _payload($hs)), undef,
        'alg missing',        compact($hs, '{"kid":"hs"}', _payload($hs)), undef,
        'claims no JSON',     mint_raw($hs, 'x'),           undef,
        'claims an array',    mint_raw($hs, '[]'),          undef,
        'claims null',        mint_raw($hs, 'null'),        undef,
        'claims deep',        mint_raw($hs, $deep),         undef,
        'claims deep in objects', mint_raw($hs, $name),     undef,
        'claims not UTF-8',
        mint_raw($hs, _payload($hs) =~ s/alice/\xff/r),     undef,
        'claims with more behind', mint_raw($hs, _payload($hs) . ' x'), undef,
        'claims with a comment', mint_raw($hs, '/**/' . _payload($hs)), undef,
    );
}


# Claims of a wrong type, or given twice.

sub _mistyped ($hs) {
    my $now = time;

    return (
        (map { (
            "exp $_->[0]", mint($hs, exp => $_->[1]), undef,
        ) } (
            ['a string', '' . ($now + 600)], ['an array', [$now + 600]],
            ['true', JSON::PP::true], ['an object', {}],
            ['0', 0], ['negative', -1],
        )),
        'exp missing', mint($hs, exp => undef),         undef,
        'exp huge',    _replaced($hs, exp => '1e400'),  undef,
        'exp null',    _replaced($hs, exp => 'null'),   undef,
        'nbf a string', mint($hs, nbf => "$now"),       undef,
        'iat a string', mint($hs, iat => "$now"),       undef,
        'sub missing', mint($hs, sub => undef),         undef,
        'sub empty',   mint($hs, sub => ''),            undef,
        'sub a number', mint($hs, sub => 7),            undef,
        'sub too long', mint($hs, sub => 'a' x 129),    undef,
        'sub with a line break', mint($hs, sub => "a\nb"), undef,
        'sub with a zero', mint($hs, sub => "a\0b"),    undef,
        'room missing', mint($hs, room => undef),       undef,
        'room empty',  mint($hs, room => ''),           undef,
        'room a star', mint($hs, room => '*'),          undef,
        'room an array', mint($hs, room => ['den']),    undef,
        'room true',   mint($hs, room => JSON::PP::true), undef,
        'room too long', mint($hs, room => 'a' x 129),  undef,
        'room with a slash', mint($hs, room => 'a/b'),  undef,
        'role unknown', mint($hs, role => 'king'),      undef,
        'role a number', mint($hs, role => 1),          undef,
        'name an object', mint($hs, name => {}),        undef,
        'metadata a string', mint($hs, metadata => 'x'), undef,
        'exp twice',   _doubled($hs, 'exp', $now + 600), undef,
        'room twice',  _doubled($hs, 'room', '"lodge"'), undef,
        'aud twice',   _doubled($hs, 'aud', '"otter"'), undef,
    );
}


sub _replaced ($key, $name, $json) {
    my $payload = to_json(claims(iss => $key->kid, $name => 'X'));

    return mint_raw($key, $payload =~ s/"X"/$json/r);
}


sub _doubled ($key, $name, $json) {
    return mint_raw($key, _payload($key) =~ s/\}$/,"$name":$json}/r);
}


# ES256 signatures are r and s, 32 bytes each, neither of them 0.

sub _broken_ecdsa ($es) {
    my ($head, $body, $signature) = split /\./, mint($es);
    my ($r, $s) = unpack 'a32a32', decode_base64url($signature);

    my %bytes = (
        'zeros'        => "\0" x 64,
        'r zero'       => "\0" x 32 . $s,
        's zero'       => $r . "\0" x 32,
        'ones'         => "\xff" x 64,
        'r alone'      => $r,
        'one byte too few'  => substr("$r$s", 0, 63),
        'one byte too many' => "$r$s\0",
        'exchanged'    => "$s$r",
        'DER'          => pack('CC', 0x30, 68)
            . join('', map { "\2\x20$_" } $r, $s),
    );

    return map { (
        "ECDSA signature $_",
        "$head.$body." . encode_base64url($bytes{$_}), undef,
    ) } sort keys %bytes;
}


# Names that are almost right.

sub _misspelt ($hs) {
    return (
        'aud missing',       mint($hs, aud => undef),             undef,
        'aud another',       mint($hs, aud => 'badger'),          undef,
        'aud in capitals',   mint($hs, aud => 'OTTER'),           undef,
        'aud with more',     mint($hs, aud => 'otters'),          undef,
        'aud a number',      mint($hs, aud => 1),                 undef,
        'aud array of others', mint($hs, aud => ['badger']),      undef,
        'aud empty array',   mint($hs, aud => []),                undef,
    );
}


sub _untimely ($hs) {
    my $now = time;

    return (
        'expired long ago',  mint($hs, exp => 1),                 $EXPIRED,
        'expired a minute ago',
        mint($hs, iat => $now - 120, nbf => $now - 120, exp => $now - 60),
        $EXPIRED,
        'not yet valid',     mint($hs, nbf => $now + 300),        $EARLY,
    );
}


1;

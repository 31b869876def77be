package Otter::Deflate;

# Messages compressed as permessage-deflate has them (RFC 7692, section 7.2).

use v5.36;

use Carp qw(croak);
use Compress::Raw::Zlib;
use Exporter 'import';

our @EXPORT_OK = qw(deflate inflate);


# A message without the four bytes at the end.  With $last it ends with a
# block that is marked as the last one.

sub deflate ($bytes, $last = 0) {
    my ($stream, $status) = Compress::Raw::Zlib::Deflate->new(
        -WindowBits   => -15,
        -AppendOutput => 1,
    );

    my $out = '';

    $stream->deflate($bytes, $out) == Z_OK or croak 'deflate failed';
    $stream->flush($out, $last ? Z_FINISH : Z_SYNC_FLUSH) == Z_OK
        or croak 'deflate failed';

    return "$out\0" if $last;

    $out =~ s/\x00\x00\xff\xff\z// or croak 'no empty block at the end';

    return $out;
}


# Strict: all of it, and nothing that reaches back beyond the window.

sub inflate ($bytes, $window) {
    my ($stream, $status) = Compress::Raw::Zlib::Inflate->new(
        -WindowBits   => -$window,
        -AppendOutput => 1,
    );

    my $in  = "$bytes\x00\x00\xff\xff";
    my $out = '';

    $status = $stream->inflate($in, $out);

    croak "the server sent what does not decompress: $status"
        if $status != Z_OK && $status != Z_BUF_ERROR || length $in;

    return $out;
}


1;

package Otter::HTTP::Response;

# One HTTP response: status, headers, body, and the body as JSON.

use v5.36;

use Carp qw(croak);
use Otter::JSON qw(from_json);


# Reads one response, of HTTP/1.x, from an Otter::Socket.

sub read ($class, $socket, %option) {
    my $head = $socket->wait_for($option{timeout} // 10, sub ($in) {
        return $$in =~ s/^(HTTP.*?\r\n)\r\n//s && $1;
    }) // return;

    my $self = $class->_head($head) // return;

    return $self if $self->status == 101 || $self->status == 204
        || ($option{method} // '') eq 'HEAD';

    $self->{body} = $self->_read_body($socket);

    return $self;
}


sub _read_body ($self, $socket) {
    my $length = $self->header('Content-Length');

    if (($self->header('Transfer-Encoding') // '') eq 'chunked') {
        return _read_chunks($socket);
    }

    return '' if defined $length && $length == 0;

    my $body = $socket->wait_for(10, sub ($in) {
        return if !defined $length && !$socket->eof;
        return if length $$in < ($length // length $$in);
        return [substr $$in, 0, $length // length $$in, ''];
    }) // croak 'the body is shorter than announced';

    return $body->[0];
}


sub _read_chunks ($socket) {
    my $body = '';

    while (1) {
        my $chunk = $socket->wait_for(10, sub ($in) {
            $$in =~ /^([0-9a-f]+)\r\n/i or return;

            my ($start, $size) = ($+[0], hex $1);

            return if length $$in < $start + $size + 2;

            my $data = substr $$in, $start, $size;

            substr $$in, 0, $start + $size + 2, '';

            return [$data];
        }) // croak 'the body lacks a chunk';

        return $body if !length $chunk->[0];

        $body .= $chunk->[0];
    }
}


# Parses a complete response, as curl --include prints it.

sub parse ($class, $text) {
    my $self;

    do {
        $text =~ s/^(HTTP.*?\r\n)\r\n//s or return;
        $self = $class->_head($1) // return;
    } while ($self->status == 100);

    $self->{body} = $text;

    return $self;
}


sub _head ($class, $text) {
    my ($first, @lines) = split /\r\n/, $text;

    $first =~ m{^HTTP/([\d.]+) (\d{3})} or return;

    my $self = bless { version => $1, status => $2, body => '' }, $class;

    for my $line (@lines) {
        my ($name, $value) = $line =~ /^([^:\s]+):\s*(.*?)\s*$/
            or croak "malformed header line: $line";

        push @{ $self->{headers}{ lc $name } }, $value;
    }

    return $self;
}


sub status ($self)  { return $self->{status} }
sub version ($self) { return $self->{version} }
sub body ($self)    { return $self->{body} }
sub json ($self)    { return from_json($self->{body}) }


sub header ($self, $name) {
    return scalar(($self->headers($name))[0]);
}


# All values of a header that may come more than once.

sub headers ($self, $name) {
    return @{ $self->{headers}{ lc $name } // [] };
}


sub content_type ($self) {
    return ($self->header('Content-Type') // '') =~ s/\s*;.*//r;
}


# The problem's code; empty when the body is no problem document.

sub code ($self) {
    return '' if $self->content_type ne 'application/problem+json';

    return $self->json->{code} // '';
}


1;

package Otter::HTTP;

# A small HTTP/1.1 client, and the same calls over HTTP/2 through curl.  Paths
# without a leading slash lie below Otter's prefix.

use v5.36;

use Carp qw(croak);
use Otter::Command qw(output_of);
use Otter::HTTP::Response;
use Otter::JSON qw(to_json);
use Otter::Socket;


# new(port => ..., prefix => ..., host => ..., http2 => 1, kept => 1); a client
# with "kept" stays on one connection, and so with one worker.

sub new ($class, %option) {
    return bless {
        host   => "127.0.0.1:$option{port}",
        prefix => '/otter/',
        %option,
    }, $class;
}


sub get ($self, $path, %option) {
    return $self->request(GET => $path, %option);
}


sub delete ($self, $path, %option) {
    return $self->request(DELETE => $path, %option);
}


# post($path, $value, ...) sends the value as JSON.

sub post ($self, $path, $value, %option) {
    return $self->request(POST => $path, json => $value, %option);
}


# Options: bearer, json or body, headers => [name => value, ...], host.

sub request ($self, $method, $path, %option) {
    my @headers = (Host => $option{host} // $self->{host});
    my $body    = $option{body};

    if (exists $option{json}) {
        $body = to_json($option{json});
        push @headers, 'Content-Type' => 'application/json';
    }

    push @headers, Authorization => "Bearer $option{bearer}"
        if defined $option{bearer};
    push @headers, @{ $option{headers} // [] };

    $path = $self->{prefix} . $path if $path !~ m{^/};

    return $self->{http2}
        ? $self->_curl($method, $path, \@headers, $body)
        : $self->_http1($method, $path, \@headers, $body);
}


sub _http1 ($self, $method, $path, $headers, $body) {
    my @lines = ("$method $path HTTP/1.1");

    for (my $i = 0; $i < @$headers; $i += 2) {
        push @lines, "$headers->[$i]: $headers->[$i + 1]";
    }

    push @lines, 'Content-Length: ' . length $body if defined $body;
    push @lines, 'Connection: close' if !$self->{kept};
    push @lines, '', '';

    return $self->raw(join("\r\n", @lines) . ($body // ''), method => $method);
}


# Sends the bytes as they are and reads one response.

sub raw ($self, $bytes, %option) {
    my $socket = $self->{kept} ? $self->kept_socket : $self->socket;

    $socket->send($bytes);

    my $response = Otter::HTTP::Response->read($socket, %option)
        // croak 'no response to: ' . substr($bytes, 0, 200);

    $socket->close if !$self->{kept};

    return $response;
}


sub kept_socket ($self) {
    return $self->{socket} //= $self->socket;
}


sub socket ($self) {
    return Otter::Socket->new(map { $_ => $self->{$_} } qw(port tls));
}


sub _curl ($self, $method, $path, $headers, $body) {
    my @command = (
        qw(curl --silent --show-error --include --path-as-is --max-time 60
            --http2-prior-knowledge --noproxy *), '--request', $method);

    # Without this, curl declares every body to be a form.
    push @command, '--header', 'Content-Type:'
        if !grep { $_ eq 'Content-Type' } @$headers;

    for (my $i = 0; $i < @$headers; $i += 2) {
        push @command, '--header', "$headers->[$i]: $headers->[$i + 1]";
    }

    push @command, '--data-binary', '@-' if defined $body;
    push @command, '--head'              if $method eq 'HEAD';
    push @command, "http://127.0.0.1:$self->{port}$path";

    my $text = output_of({ stdin => $body }, @command);

    return Otter::HTTP::Response->parse($text)
        // croak "curl returned no response: $text";
}


1;

package Otter::Status;

# What otter_status shows.  A server needs $status_conf for it.

use v5.36;

use Exporter 'import';

our @EXPORT_OK   = qw(metrics samples status);
our $status_conf = "location = /status { otter_status; }\n";


# As JSON.

sub status ($nginx, %option) {
    return $nginx->http(%option)->get('/status?format=json')->json;
}


# As the text that Prometheus reads.

sub metrics ($nginx, %option) {
    return $nginx->http(%option)->get('/status')->body;
}


# { 'name{label="value"}' => number } of such a text.

sub samples ($text) {
    return { map { /^(\S+) (\S+)$/ ? ($1 => $2) : () }
        grep { !/^#/ } split /\n/, $text };
}


1;

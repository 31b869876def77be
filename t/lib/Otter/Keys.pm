package Otter::Keys;

# The files that nginx reads keys and secrets from.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use Otter::Command qw(run);
use Otter::JSON qw(from_json to_json);
use Otter::Paths qw($command);

our @EXPORT_OK = qw(create_api_key revoke_api_key write_jwk_set
    write_private);


# A file that only its owner may read, as Otter demands.

sub write_private ($path, $text, $mode = 0600) {
    open my $file, '>:raw', $path or croak "$path: $!";
    chmod $mode, $path;
    print {$file} $text;
    close $file or croak "$path: $!";

    return $path;
}


sub write_jwk_set ($path, @keys) {
    return write_private($path, to_json({ keys => [map { $_->jwk } @keys] }));
}


# Runs "otter key create"; returns the key, otk_<id>_<secret>.
# Options: id, rooms, scopes, expires-in.

sub create_api_key ($path, %option) {
    my $result = run($command, qw(key create --json --file), $path,
        map { ("--$_" => $option{$_}) } sort keys %option);

    croak "otter key create exited with $result->{exit}: $result->{stderr}"
        if $result->{exit};

    return from_json($result->{stdout})->{key};
}


sub revoke_api_key ($path, $id) {
    my $result = run($command, qw(key revoke --json --file), $path, $id);

    croak "otter key revoke exited with $result->{exit}: $result->{stderr}"
        if $result->{exit};

    return;
}


1;

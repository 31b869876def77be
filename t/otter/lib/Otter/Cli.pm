package Otter::Cli;

# The otter command, run as a person or a script runs it, in a folder of the
# test's own.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use File::Temp qw(tempdir);
use Otter::Command qw(run);
use Otter::JSON qw(from_json);
use Otter::Conf qw(free_port);
use Otter::Paths qw($command $module);
use Test::More ();

our @EXPORT = qw(file_in finding folder json_of left_in mode_of nginx_conf
    otter otter_json put slurp);

my $folder = tempdir('otter-cli-XXXXXX', TMPDIR => 1, CLEANUP => 1);


sub folder ()       { return $folder }
sub file_in ($name) { return "$folder/$name" }


# { exit, stdout, stderr }

sub otter (@arguments) {
    return run($command, @arguments);
}


# What a command prints with --json; it must succeed and say nothing else.

sub otter_json (@arguments) {
    my $result = otter(@arguments, '--json');

    croak "otter @arguments: exit $result->{exit}: $result->{stderr}"
        if $result->{exit} || $result->{stderr} ne '';

    return json_of($result);
}


# One line of JSON and nothing else.

sub json_of ($result) {
    croak "not one line: $result->{stdout}"
        if $result->{stdout} !~ /\A[^\n]+\n\z/;

    return from_json($result->{stdout});
}


sub put ($name, $text, $mode = 0600) {
    my $path = file_in($name);

    open my $file, '>:raw', $path or croak "$path: $!";
    print {$file} $text;
    close $file or croak "$path: $!";
    chmod $mode, $path;

    return $path;
}


sub slurp ($path) {
    open my $file, '<:raw', $path or croak "$path: $!";
    local $/;

    return readline($file) // '';
}


sub mode_of ($path) {
    return sprintf '%04o', (stat $path)[2] & 07777;
}


# The names of the files in the folder, hidden ones as well.

sub left_in ($path) {
    opendir my $handle, $path or croak "$path: $!";

    return sort grep { !/^\.{1,2}$/ } readdir $handle;
}


# The findings of "otter check --json" of that level whose message fits; in
# scalar context the first.

sub finding ($report, $level, $pattern) {
    my @found = grep { $_->{level} eq $level && $_->{message} =~ $pattern }
        @{ $report->{findings} };

    return wantarray ? @found : $found[0];
}


# An nginx.conf with the text in its only server; options: main, http.

sub nginx_conf ($server, %option) {
    my $port = free_port();
    my $main = $option{main} // "load_module $module;";
    my $http = $option{http} // '';

    return put('nginx.conf', <<~"CONF", 0644);
        $main
        error_log $folder/error.log;
        pid $folder/nginx.pid;
        events {
        }
        http {
        access_log off;
        client_body_temp_path $folder/tmp-body;
        proxy_temp_path $folder/tmp-proxy;
        fastcgi_temp_path $folder/tmp-fastcgi;
        uwsgi_temp_path $folder/tmp-uwsgi;
        scgi_temp_path $folder/tmp-scgi;
        $http
        server {
        listen 127.0.0.1:$port;
        $server
        }
        }
        CONF
}


1;

package Otter::Conf;

# The nginx.conf of a test: Otter mounted in one server, with the snippets of
# the test put in.  In every snippet %port:name% is a free port of that name,
# and %prefix% the folder of this nginx.

use v5.36;

use Exporter 'import';
use IO::Socket::IP;
use Otter::Paths qw($module);

our @EXPORT_OK = qw(conf_text free_port);


# Options: workers, daemon, connections, listen (parameters), mount, main, events,
# http, server, servers, http2, tls.

sub conf_text (%option) {
    my %o = (
        workers     => 1,
        daemon      => 'off',
        connections => 1024,
        listen      => '',
        mount       => 'otter_signaling on;',
        map({ $_ => '' } qw(main events http server servers)),
        %option,
    );

    my $more = '';

    $more .= "listen 127.0.0.1:%port:http2% http2;\n" if $o{http2};
    $more .= "listen 127.0.0.1:%port:tls% ssl;\n"
        . "ssl_certificate %prefix%/tls.crt;\n"
        . "ssl_certificate_key %prefix%/tls.key;\n" if $o{tls};

    return <<~"CONF";
        load_module $module;
        daemon $o{daemon};
        worker_processes $o{workers};
        error_log %prefix%/error.log info;
        pid %prefix%/nginx.pid;
        $o{main}
        events {
        worker_connections $o{connections};
        $o{events}
        }
        http {
        access_log %prefix%/access.log;
        client_body_temp_path %prefix%/tmp-body;
        proxy_temp_path %prefix%/tmp-proxy;
        fastcgi_temp_path %prefix%/tmp-fastcgi;
        uwsgi_temp_path %prefix%/tmp-uwsgi;
        scgi_temp_path %prefix%/tmp-scgi;
        $o{http}
        server {
        listen 127.0.0.1:%port:main% $o{listen};
        $more
        $o{mount}
        $o{server}
        }
        $o{servers}
        }
        CONF
}


# Ports below the range that the kernel gives to clients, so that no outgoing
# connection takes one between this check and nginx's start.

sub free_port () {
    for (1 .. 200) {
        my $port   = 10000 + int rand 22000;
        my $socket = IO::Socket::IP->new(
            LocalHost => '127.0.0.1',
            LocalPort => $port,
            Listen    => 1,
        );

        return $port if $socket;
    }

    die 'no port is free';
}


1;

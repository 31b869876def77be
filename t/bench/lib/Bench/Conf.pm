package Bench::Conf;

# The nginx.conf of Otter and of nchan: alike but for the location.

use v5.36;

use Exporter 'import';

our @EXPORT_OK = qw(conf_of);

my $modules = '/usr/lib/nginx/modules';

my %server = (
    otter => \&_otter,
    nchan => \&_nchan,
);


# Options: prefix, port, workers, single (one process), connections, folder,
# tls, redis_port, zone, tools (where the module is).

sub conf_of ($kind, %o) {
    my ($load, $http, $server) = $server{$kind}->(%o);

    my $master = $o{single} ? 'off' : 'on';
    my $connections = $o{connections} // 19_000;
    my $listen = "listen 127.0.0.1:$o{port} backlog=4096 reuseport"
        . ($o{kind}{tls} ? ' ssl' : '');

    return <<~"CONF";
        load_module $load;
        daemon off;
        master_process $master;
        worker_processes $o{workers};
        worker_rlimit_nofile 20000;
        error_log $o{prefix}/error.log warn;
        pid $o{prefix}/nginx.pid;
        events { worker_connections $connections; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            client_body_temp_path $o{prefix}/body;
            proxy_temp_path $o{prefix}/proxy;
            fastcgi_temp_path $o{prefix}/fastcgi;
            uwsgi_temp_path $o{prefix}/uwsgi;
            scgi_temp_path $o{prefix}/scgi;
        $http
            server {
                $listen;
        $server
                location = /pid { return 200 "\$pid\\n"; }
                location = /return { return 200; }
            }
        }
        CONF
}


sub _otter (%o) {
    my $zone  = $o{zone} // '128m';
    my $redis = $o{redis_port}
        ? "otter_redis redis://127.0.0.1:$o{redis_port};" : '';
    my $tls = $o{kind}{tls} ? <<~"TLS" : '';
        ssl_certificate $o{folder}/tls.crt;
        ssl_certificate_key $o{folder}/tls.key;
        TLS

    return ("$o{tools}/ngx_otter_module.so", "otter_zone otter:$zone; $redis", <<~"SERVER");
        otter_signaling on;
        otter_jwt_key_file $o{folder}/jwt.json;
        otter_api_keys_file $o{folder}/keys.json;
        otter_max_peers 1000;
        otter_message_rate 1000000r/s;
        $tls
        SERVER
}


# As its documentation has it.  A socket publishes to one channel only, so who
# wants to reach several peers has one to subscribe by and others to publish.

sub _nchan (%o) {
    my $pass = '';
    my $http = 'nchan_shared_memory_size 512m;';

    if ($o{redis_port}) {
        $http .= 'upstream redis { nchan_redis_server '
            . "redis://127.0.0.1:$o{redis_port}; }";
        $pass = 'nchan_redis_pass redis;';
    }

    my %location = (
        subscribe    => 'nchan_subscriber websocket; nchan_channel_id $1;',
        publish      => 'nchan_publisher websocket http; '
            . 'nchan_channel_id $1;',
        room         => 'nchan_pubsub websocket; nchan_channel_id $1;',
        'ring/(\w+)' => 'nchan_pubsub websocket; '
            . 'nchan_subscriber_channel_id $1; '
            . 'nchan_publisher_channel_id $2;',
    );

    return ("$modules/ngx_nchan_module.so", $http, join '', map {
        "        location ~ ^/$_/(\\w+)\$ { $location{$_} $pass }\n"
    } sort keys %location);
}


1;

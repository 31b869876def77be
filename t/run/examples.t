# The configurations of conf.d/ are ones that nginx and coturn take.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Test::More;

use Otter::Command qw(output_of run);
use Otter::Conf qw(free_port);
use Otter::Keys qw(create_api_key write_private);
use Otter::Paths qw($command $module $root);
use Otter::Source qw(content);

my $folder = tempdir(CLEANUP => 1);
my $port = free_port();

mkdir "$folder/$_" for qw(modules etc html);
symlink $module, "$folder/modules/ngx_otter_module.so" or die "symlink: $!";
write_private("$folder/html/index.html", '<!doctype html>', 0644);

output_of($command, qw(secret new --file), "$folder/etc/jwt.json");
create_api_key("$folder/etc/api-keys.json");
write_private("$folder/etc/turn.secret", ('0123456789abcdef' x 4) . "\n");

output_of(qw(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256
             -nodes -days 2 -subj /CN=localhost -keyout),
          "$folder/etc/tls.key", '-out', "$folder/etc/tls.crt");


# with files and ports that a test may use

sub adapted ($file) {
    my $text = content($file);

    $text =~ s{/etc/otter/}{$folder/etc/}g;
    $text =~ s{/etc/ssl/certs/\S+\.pem}{$folder/etc/tls.crt}g;
    $text =~ s{/etc/ssl/private/\S+\.key}{$folder/etc/tls.key}g;
    $text =~ s{listen (\[::\]:)?\d+}
              { 'listen ' . ($1 ? '[::1]' : '127.0.0.1') . ":$port" }gex;

    return $text;
}


sub accepted ($file, $text) {
    write_private("$folder/nginx.conf", $text);

    my $result = run('nginx', '-t', '-e', 'stderr', '-p', $folder, '-c',
        "$folder/nginx.conf", '-g',
        "error_log stderr; pid $folder/pid;");

    is($result->{exit}, 0, $file) or diag($result->{stderr});
}


accepted('minimal.conf', adapted('conf.d/nginx/minimal.conf'));

accepted('site.conf', content('conf.d/nginx/mod-otter.conf')
         . "events { }\nhttp {\n" . adapted('conf.d/nginx/site.conf') . "}\n");

accepted('access-log.conf', content('conf.d/nginx/mod-otter.conf')
         . "events { }\nhttp {\n" . content('conf.d/nginx/access-log.conf')
         . "server { listen 127.0.0.1:$port; otter_signaling on;\n"
         . "access_log $folder/otter.log otter_json if=\$otter_logged; } }\n");

# coturn takes what it doesn't know with a mere word of warning

my $turn = content('conf.d/coturn/turnserver.conf');
my $turn_port = free_port();
my $tls_port = free_port();

$turn =~ s/^listening-port=.*/listening-port=$turn_port/m;
$turn =~ s/^tls-listening-port=.*/tls-listening-port=$tls_port/m;
$turn =~ s{^cert=.*}{cert=$folder/etc/tls.crt}m;
$turn =~ s{^pkey=.*}{pkey=$folder/etc/tls.key}m;
$turn .= "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\n"
    . "userdb=$folder/turn.sqlite\npidfile=$folder/turn.pid\n"
    . "log-file=stdout\n";

write_private("$folder/turnserver.conf", $turn);

my $said = run('timeout', '3', 'turnserver', '-c', "$folder/turnserver.conf");
my $words = $said->{stdout} . $said->{stderr};

is($said->{exit}, 124, 'coturn starts and stays');
unlike($words, qr/Bad configuration|ERROR:|error resolving/,
       'coturn finds no fault');

my %understood = map { $_ => 1 } $words =~ /Black listing: (\S+)/g;
my @denied = $turn =~ /^denied-peer-ip=(\S+)/mg;

cmp_ok(scalar @denied, '>', 20, 'there is a list of denied peers');
is_deeply([ grep { !$understood{$_} } @denied ], [],
          'coturn understands all of it');

done_testing();

# "make install" puts everything where nginx and the rest of the system look.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Test::More;

use Otter::Command qw(output_of run);
use Otter::Paths qw($root);

my $folder = tempdir(CLEANUP => 1);

output_of('make', '-C', $root, 'install', "DESTDIR=$folder");

my %mode = (
    'usr/lib/nginx/modules/ngx_otter_module.so'      => 0644,
    'usr/share/nginx/modules-available/mod-otter.conf' => 0644,
    'usr/bin/otter'                                  => 0755,
    'usr/bin/otter-webhooks'                         => 0755,
    'lib/systemd/system/otter-webhooks.service'      => 0644,
    'usr/share/man/man1/otter.1'                     => 0644,
    'usr/share/man/man8/otter-webhooks.8'            => 0644,
    'usr/share/otter/docker/compose.yaml'            => 0644,
    'usr/share/otter/html/index.html'                => 0644,
    'usr/share/otter/html/sdk/otter.js'              => 0644,
    'usr/share/doc/otter/LICENSE'                    => 0644,
    'usr/share/doc/otter/examples/nginx/site.conf'   => 0644,
    'usr/share/doc/otter/examples/coturn/turnserver.conf' => 0644,
);

for my $path (sort keys %mode) {
    my @stat = stat "$folder/$path";

    ok(@stat && ($stat[2] & 07777) == $mode{$path}, $path);
}

is(output_of('find', $folder, '-name', '*.in'), '', 'no template');

is(run("$folder/usr/bin/otter", '--help')->{exit}, 0, 'the command runs');

unlike(output_of('strings', '-a', "$folder/usr/bin/otter",
                 "$folder/usr/lib/nginx/modules/ngx_otter_module.so"),
       qr/\Q$root\E/, 'no path of the building machine in the binaries');

output_of('make', '-C', $root, 'install', "DESTDIR=$folder", 'PREFIX=/opt/o');

ok(-x "$folder/opt/o/bin/otter", 'PREFIX is heeded');
is(run('grep', '-q', '^ExecStart=/opt/o/bin/otter-webhooks ',
       "$folder/lib/systemd/system/otter-webhooks.service")->{exit}, 0,
   'also by the units');

done_testing();

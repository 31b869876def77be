# Dependencies point one way: http -> event -> core, workers -> core,
# app -> react -> client, each by the public API of the next alone.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(breaches files none);


sub free_of ($name, $pattern, @files) {
    cmp_ok(scalar @files, '>', 0, "$name: there are files to look at");
    none($name, breaches($pattern, @files));
}


my @core = files('ngx_otter_module/core/*.[ch]');
my @event = files('ngx_otter_module/event/*.[ch]');
my @workers = files('workers/*.[ch]');
my @client = grep { !/\.test\.ts$/ } files('html/client/src/*.ts');
my @embed = files('html/embed/src/*.ts');
my @react = files('html/react/src/*.ts', 'html/react/src/*.tsx');
my @app = files('html/app/src/*.ts', 'html/app/src/*.tsx');

free_of('core/ includes its own headers and libraries',
        qr/^\s*#\s*include\s+"(?!otter_\w+\.h")/, @core);

free_of('core/ names nothing of nginx', qr/\bngx_/, @core);

free_of('event/ includes nothing of http/',
        qr/^\s*#\s*include\s+["<][^">]*ngx_http/, @event);

free_of('event/ calls nothing of http/', qr/\bngx_http_\w+\(/, @event);

free_of('workers/ names nothing of nginx',
        qr/\bngx_\w+\(|#\s*include\s+["<][^">]*ngx_/, @workers);

free_of('client/ imports itself alone',
        qr/^\s*(?:import|export)\b.*\bfrom\s+['"](?!\.{1,2}\/)/, @client);

free_of('client/ stays in its folder',
        qr/\b(?:from|import)\s+\(?['"](?:\.\.\/)+(?:app|html)\//, @client);

free_of('react/ imports itself, React and client/ alone',
        qr/^\s*(?:import\b|\}|export\b).*\bfrom\s+
           ['"](?!\.{1,2}\/|react['"]|\@otter\/client['"])/x, @react);

free_of('react/ stays in its folder',
        qr/\b(?:from|import)\s+\(?['"](?:\.\.\/)+(?:app|client|html)\//,
        @react);

free_of('embed/ imports itself alone',
        qr/^\s*(?:import\b|\}|export\b).*\bfrom\s+['"](?!\.\/)/, @embed);

free_of('app/ imports the public APIs of client/, react/ and embed/ alone',
        qr/['"](?:\@otter\/\w+\/(?!protocol['"])|(?:\.\.\/)+(?:client|embed|react)\/)/,
        @app);

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Hashed assets and the client library are served as files, and only those.

my $nginx = Otter::Nginx->start(
    files  => { 'web/index.html' => '<p>' },
    server => 'otter_web_root %prefix%/web;',
);

mkdir $nginx->path("web$_") for '/assets', '/sdk';

put('web/assets/app-Cx81aB9d.js', 'export {}');
put('web/assets/app-Cx81aB9d.css', 'p {}');
put('web/sdk/otter.js', 'export {}');
put('web/sdk/otter-call.js', 'export {}');
put('web/secret.txt', 'secret');
put('secret.txt', 'secret');

my $http   = $nginx->http;
my $script = $http->get('assets/app-Cx81aB9d.js');

is($script->status, 200, 'a script');
like($script->content_type, qr{^(?:text|application)/javascript$}, 'its type');
is($script->body, 'export {}', 'its text');
like($script->header('Cache-Control') // '', qr/max-age=31536000/,
    'kept for a year');
like($script->header('Cache-Control') // '', qr/immutable/, 'unchanged');
is($http->get('assets/app-Cx81aB9d.css')->content_type, 'text/css', 'a style');
is($http->get('sdk/otter.js')->status, 200, 'the library');
is($http->get('sdk/otter-call.js')->status, 200, 'the element');
unlike($http->get('sdk/otter.js')->header('Cache-Control') // '',
    qr/immutable/, 'whose name has no hash');

is($http->get($_)->status, 404, $_) for qw(assets/none.js assets/ assets
    assets/..%2fsecret.txt assets/%2e%2e/secret.txt sdk/../secret.txt
    assets/../../secret.txt secret.txt sdk/none.js assets/.);


sub put ($name, $text) {
    open my $file, '>', $nginx->path($name) or die "$name: $!";
    print {$file} $text;
}


done_testing;

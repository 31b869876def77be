use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A site gives the page a logo and a style sheet of its own, from its own host.

my $nginx = Otter::Nginx->start(
    files  => { 'index.html' => '<meta content="%OTTER_CONFIG%">' },
    server => 'otter_web_root %prefix%; otter_logo /img/a"b.svg;'
        . ' otter_stylesheet /site.css?v=2;',
);

my ($config) = $nginx->http->get('')->body =~ /content="(.*?)"/;

$config =~ s/&quot;|&#34;/"/g;
$config =~ s/&amp;/&/g;

my $told = from_json($config);

is($told->{logo}, '/img/a"b.svg', 'the logo');
is($told->{stylesheet}, '/site.css?v=2', 'the style sheet');


done_testing;

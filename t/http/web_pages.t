use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The web app lies below the prefix, with what the page must know put in.

my $nginx = Otter::Nginx->start(
    files  => {
        'index.html' => '<base href="%OTTER_PREFIX%"><meta name="otter-config"'
            . ' content="%OTTER_CONFIG%">',
    },
    server => 'otter_web_root %prefix%; otter_guests on; otter_max_peers 5;',
);

my $http = $nginx->http;

for my $path ('', 'admin', 'check', 'room/den', 'room/a.Z_9~-') {
    my $page = $http->get($path);

    is($page->status, 200, "/otter/$path");
    is($page->content_type, 'text/html', 'is a page');
    like($page->body, qr{<base href="/otter/">}, 'that knows its prefix');

    my ($config) = $page->body =~ /content="(.*?)"/;

    $config =~ s/&quot;|&#34;/"/g;
    is_deeply(from_json($config),
        { prefix => '/otter/', guests => true, max_peers => 5 },
        'and the configuration');

    my $policy = $page->header('Content-Security-Policy') // '';

    like($policy, qr/default-src 'self'/, 'nothing from elsewhere');
    unlike($policy, qr/unsafe/, 'and nothing inline');
    like($policy, $path eq 'admin' ? qr/frame-ancestors 'none'/
                                   : qr/frame-ancestors 'self'/, 'framed by');
    like($page->header('Cache-Control') // '', qr/no-cache|no-store/,
        'asked for again each time');
    is($page->header('X-Content-Type-Options'), 'nosniff', 'nosniff');
}

is($http->get($_)->status, 404, "nothing at $_") for qw(admin/ admins Admin);

# A mistyped link shows people a page, and programs a problem.

for my $name ('', 'a/b', 'a%20b', 'a' x 129, '%22%3E') {
    my $page = $http->get("room/$name",
        headers => [Accept => 'text/html,application/xhtml+xml,*/*;q=0.8']);

    is($page->status, 404, "no room: $name");
    like($page->content_type, qr{^text/html}, 'a page');
    is_problem($http->get("room/$name"), '404 not-found', 'or a problem');
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# HEAD answers as GET does, without the body.

my $nginx = Otter::Nginx->start;

for my $path (qw(health jwks.json)) {
    my $get  = $nginx->http->get($path);
    my $head = $nginx->http->request(HEAD => $path);

    is($head->status, 200, "HEAD $path");
    is($head->body, '', 'no body');
    is($head->content_type, $get->content_type, 'the type of GET');
}


done_testing;

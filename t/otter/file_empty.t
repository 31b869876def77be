use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# An empty file, such as mktemp makes, and one whose keys were taken out are
# as good as none.

for my $text ('', '{"keys":[]}') {
    my $path = put('file.json', $text);

    otter_json(qw(key create --id web --file), $path);
    is(otter_json(qw(key list --file), $path)->{keys}[0]{id}, 'web',
        'an API key');

    $path = put('file.json', $text);

    otter_json(qw(secret new --kid new --file), $path);
    is(otter_json(qw(secret list --file), $path)->{keys}[0]{kid}, 'new',
        'a signing key');
}

done_testing();

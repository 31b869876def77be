use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

# --check says what is wrong with a configuration, with file and line.

use File::Temp qw(tempdir);
use Otter::Command qw(run);
use Otter::Keys qw(write_private);
use Otter::Webhooks qw(SECRET);

my $folder = tempdir('otter-webhooks-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $file   = "$folder/conf";
my $redis  = "redis = redis://127.0.0.1:1\n";
my $secret = 'secret = ' . SECRET . "\n";
my $url    = "url = https://example.com/hook\n";
my $hook   = "[endpoint hook]\n";
my $good   = "$redis$hook$url$secret";


sub check ($text, $mode = 0600) {
    write_private($file, $text, $mode);

    return run($Otter::Webhooks::program, '--check', '--config', $file);
}


my $fine = check($good . "events = peer.joined, room.*\nrooms = den-*\n");

is($fine->{exit}, 0, 'a good one') or diag($fine->{stderr});
is($fine->{stdout}, "$file is fine: 1 endpoint\n", 'is fine');
is(check($good . "secret = " . SECRET . "\n" x 1)->{exit}, 0, 'two secrets');
is(check("lease = 20s\n$good")->{exit}, 0, 'a lease of twice the timeout');
is(check($good . "url2 = x\n")->{exit}, 2, 'a bad one exits with 2');

my @bad = (
    ["$hook$url$secret", qr/redis/, 'no Redis'],
    [$redis, qr/no \[endpoint NAME\]/, 'no endpoint'],
    ["$redis$hook$url", qr/\[endpoint hook\]: secret is missing/, 'no secret'],
    ["$redis$hook$secret", qr/url is missing/, 'no url'],
    [$good . $hook, qr/line 5: endpoint: there is one/, 'the same name twice'],
    ["$redis\[endpoint]\n", qr/line 2: endpoint: needs a name/, 'no name'],
    ["$redis\[endpoint Big]\n", qr/needs a name/, 'a name with capitals'],
    ["${redis}[endpoint " . 'x' x 33 . "]\n", qr/at most 32/, 'too long a name'],
    [$good . "events = Peer\n", qr/line 5: events/, 'a bad filter'],
    [$good . "secret = whsec_x\n", qr/line 5: secret: must be/, 'a bad secret'],
    [$good . $secret x 4, qr/line 8: secret: there are too many/,
        'five secrets'],
    ["lease = 19s\n$good", qr/twice the timeout/, 'too short a lease'],
    ["retry_base = 5h\n" . "retry_max = 4h\n$good", qr/line 1: retry_base/,
        'too long a wait'],
    ["retry_base = 1h\nretry_max = 59m\n$good", qr/less than/,
        'a wait over the longest'],
    ["attempts = 0\n$good", qr/line 1: attempts/, 'no attempt'],
    ["prefix = {x}\n$good", qr/line 1: prefix/, 'braces in the prefix'],
    ["redis = http://x\n$good", qr/line 1: redis/, 'no URL of a Redis'],
    (map { ["$redis$hook$secret" . "url = $_\n", qr/\[endpoint hook\]: url/, $_] }
        'http://example.com/', 'ftp://example.com/', 'example.com',
        'https://user:pass@example.com/', 'https://', 'file:///etc/passwd'),
);

for my $case (@bad) {
    my ($text, $error, $name) = @$case;
    my $result = check($text);

    is($result->{exit}, 2, "refused: $name");
    like($result->{stderr}, $error, '... and says so');
    like($result->{stderr}, qr/\Q$file\E/, '... and where');
    unlike($result->{stderr}, qr/whsec_\w{8}/, '... and shows no secret');
}

like(check($good, 0644)->{stderr}, qr/open to others/, 'others may not read it');
is(run($Otter::Webhooks::program, '--config', "$folder/none")->{exit}, 2,
    'a file that is not there');
is(run($Otter::Webhooks::program, '--colour')->{exit}, 2, 'no such option');
like(run($Otter::Webhooks::program, '--help')->{stdout}, qr/--config FILE/,
    'the help');


done_testing;

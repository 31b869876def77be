use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Cli;
use Otter::Conf qw(free_port);
use Otter::Redis;
use Otter::Test;

# 0 is success alone: what is refused, by a server, by Redis or by a file, is
# 1 with words, and a command line that can mean nothing is 2.

my $redis  = Otter::Redis->start;
my $nginx  = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'location = /status { otter_status; }',
);
my $url    = 'http://127.0.0.1:' . $nginx->port . '/otter/';
my $away   = 'redis://127.0.0.1:' . free_port();
my $here   = $redis->url;
my $good   = put('good.key', $nginx->api_key . "\n");
my $bad    = put('bad.key', $nginx->api_key =~ s/.{4}\z/AAAA/r . "\n");
my $no_key = put('no.key', "nothing\n");
my $keys   = file_in('keys.json');
my $jwt    = file_in('jwt.json');
my @key    = ('--url', $url, '--api-key-file');
my $event  = 'evt_3_1-0';
my $status = $url =~ s{/otter/$}{/status}r;

otter_json(qw(key create --id one --file), $keys);
otter_json(qw(secret new --file), $jwt);


# What it says must fit, and goes to the right place.

sub ends ($code, $words, @command) {
    my $result = otter(@command);
    my $name   = join ' ', map { s{.*/}{}r } @command;

    is($result->{exit}, $code, "$name: $code");
    like($result->{stderr}, $words, 'it says why');
    is($result->{stdout}, '', 'and has no result') if $code;
}


# A key that the server does not take.
ends(1, qr/not known \(401/, @$_, @key, $bad)
    for ['rooms'], [qw(peers den)], [qw(kick den x)];
ends(1, qr/not known \(401/, qw(top --once --status-url), $status, @key, $bad);
ends(1, qr/no API key in its first line/, 'rooms', @key, $no_key);
ends(1, qr/No such file/, 'rooms', @key, file_in('none'));

# What is not there.
ends(1, qr/\(404/, @$_, @key, $good) for [qw(peers den)], [qw(kick den x)];
ends(1, qr/127\.0\.0\.1:\d+/, 'rooms', '--url', $away =~ s/^redis/http/r,
    '--api-key-file', $good);
ends(1, qr/404/, qw(top --once --status-url), "$status/none");

# Redis.
ends(1, qr/Redis\b.*: /, @$_, '--redis', $away)
    for ['usage'], [qw(webhooks list)], [qw(webhooks retry --all)],
    [qw(webhooks enable hook)], [qw(key list)], [qw(key create)];
ends(1, qr/is not among/, qw(webhooks retry), $event, '--redis', $here);
ends(1, qr/is no id/, qw(webhooks retry x), '--redis', $here);
ends(1, qr/is not one/, qw(webhooks enable hook --redis), $here);
ends(1, qr/none: No such file/, qw(webhooks list --config), file_in('none'));

# Files.
ends(1, qr/"two"/, qw(key revoke two --file), $keys);
ends(1, qr/"two"/, qw(key rotate two --file), $keys);
ends(1, qr/"one"/, qw(key create --id one --file), $keys);
ends(1, qr/No such file/, qw(key list --file), file_in('none'));
ends(1, qr/No such file/, qw(token --room r --identity i --secret-file),
    file_in('none'));
ends(1, qr/nothing is up/, qw(down --state), folder());

# The command line.
ends(2, qr/Try "otter [a-z ]+ --help"/, @$_, '--nonsense')
    for [qw(key create)], [qw(key list)], [qw(key revoke x)],
    [qw(key rotate x)], [qw(secret new)], [qw(secret rotate)],
    [qw(secret list)], ['token'], ['check'], ['status'], ['rooms'],
    [qw(peers r)], [qw(kick r p)], ['usage'], ['top'], ['up'], ['down'],
    [qw(webhooks list)], [qw(webhooks retry x)], [qw(webhooks enable x)];
ends(2, qr/--redis: /, @$_, '--redis', 'nonsense')
    for ['usage'], [qw(webhooks list)], [qw(webhooks retry --all)],
    [qw(webhooks enable hook)], [qw(key list)];
ends(2, qr/is missing/, @$_)
    for ['usage'], ['status'], ['rooms'], [qw(top --once)];
ends(2, qr/there is no command/, 'nonsense');
ends(2, qr/no name of a room/, qw(peers a/b), @key, $good);

is(otter()->{exit}, 2, 'nothing at all');
is(otter($_, '--help')->{exit}, 0, "$_ --help") for qw(status up key);


done_testing;

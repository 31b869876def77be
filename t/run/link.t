# run.sh prints a link that answers, and a command that mints a token for it.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Command qw(output_of run);
use Otter::JSON qw(from_json);
use Otter::Stack;

my $stack = Otter::Stack->start;

like($stack->link, qr{^http://localhost:\d+/otter/room/}, 'a link')
    or BAIL_OUT($stack->output);

my $page = output_of('curl', '-fsS', $stack->link);

like($page, qr/<!doctype html>/i, 'the link is a page');
unlike($page, qr/%OTTER_/, 'the configuration is in the page');

my $token = from_json(output_of('sh', '-c', $stack->token_command));

is($token->{room}, 'demo', 'a token for the room of the link');

my ($start) = $stack->link =~ m{^(.*)$};

like($token->{join_url}, qr{^\Q$start\E#token=}, 'its link leads there');

my $session = from_json(output_of('curl', '-fsS', '-H',
    "Authorization: Bearer $token->{token}",
    'http://localhost:' . $stack->port . '/otter/session'));

is($session->{room}, 'demo', 'the server takes the token');

my ($guest) = map { from_json($_) } output_of('curl', '-fsS', '--json',
    '{"room":"demo"}', 'http://localhost:' . $stack->port . '/otter/token');

ok($guest->{token}, 'a guest gets in');

is(run('sh', '-c', 'ls -ld ' . $stack->state)->{stdout} =~ /^(\S{10})/ && $1,
   'drwx------', 'the secrets are their owner\'s alone');

is($stack->interrupt, 130, 'Ctrl-C ends it');
unlike($stack->error_log, qr/\[(?:alert|crit|emerg)\]/, 'no alert');

done_testing();

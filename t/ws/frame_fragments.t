use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A message may come in fragments, with control frames among them.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $text = to_json({ type => 'signal', to => $bob->id, data => 'in parts' });
my $ws   = $alice->ws;

$ws->send_fragments(substr($text, 0, 10), substr $text, 10);
is($bob->expect('signal')->{data}, 'in parts', 'two fragments');

$ws->send_fragments(split //, $text);
is($bob->expect('signal')->{data}, 'in parts', 'one byte each');

$ws->send_fragments('', $text, '', '');
is($bob->expect('signal')->{data}, 'in parts', 'empty ones among them');

$ws->send_frame(payload => substr($text, 0, 10), fin => 0);
$ws->ping('within');
is($ws->next_event->{data}, 'within', 'a ping between fragments is answered');
ok($bob->is_quiet, 'the first fragment alone is no message');
$ws->send_frame(opcode => 'continuation', payload => substr $text, 10);
is($bob->expect('signal')->{data}, 'in parts', 'the message is whole then');

my $wide = "\x{1f9a6}" x 3;
my $utf8 = to_json({ type => 'signal', to => $bob->id, data => $wide });

$ws->send_fragments(split //, $utf8);
is($bob->expect('signal')->{data}, $wide, 'characters split in the middle');


done_testing;

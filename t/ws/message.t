use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A message reaches everyone in the room but its sender.

my $nginx = Otter::Nginx->start;
my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

$alice->message({ chat => 'hello' });

for my $peer ($bob, $carol) {
    my $message = $peer->expect('message');

    has_members($message, [qw(seq type from data)], 'members');
    is($message->{from}, $alice->id, $peer->identity . ' hears from whom');
    is_deeply($message->{data}, { chat => 'hello' }, 'and what');
}

ok($alice->is_quiet, 'the sender does not get it back');

for my $n (1 .. 20) {
    $_->message($n) for $alice, $bob;
}

my @heard = map { $carol->expect('message') } 1 .. 40;

for my $peer ($alice, $bob) {
    is_deeply([map { $_->{data} } grep { $_->{from} eq $peer->id } @heard],
        [1 .. 20], 'the order of ' . $peer->identity . ' is kept');
}

is(Otter::Peer->enter($nginx, 'solo', room => 'lodge')->message(1)->is_quiet,
    1, 'alone in a room, nobody hears and nothing breaks');


done_testing;

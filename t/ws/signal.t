use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A signal reaches the one it is for, from who sent it, and nobody else.

my $nginx = Otter::Nginx->start;
my ($alice, $bob, $carol) = peers($nginx, qw(alice bob carol));

$alice->signal($bob, { description => { type => 'offer', sdp => 'v=0' } });

my $signal = $bob->expect('signal');

has_members($signal, [qw(seq type from data)], 'the members of the contract');
is($signal->{from}, $alice->id, 'from is the sender');
is_deeply($signal->{data}, { description => { type => 'offer', sdp => 'v=0' } },
    'with its data');

ok($carol->is_quiet, 'not to a third');
ok($alice->is_quiet, 'nor back');

$bob->signal($alice, 1, from => $carol->id, seq => 99, session => 'x');
is($alice->expect('signal')->{from}, $bob->id,
    'what the sender says of itself is nothing');

$bob->signal($alice, $_) for 1 .. 50;
is_deeply([map { $alice->expect('signal')->{data} } 1 .. 50], [1 .. 50],
    'in order');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# After FLUSHALL the rooms are in Redis again, as they were.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(server => 'otter_max_peers 4;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);

$alice->expect('peer-joined') for 1, 2;
$bob->expect('peer-joined');
$carol->drop;
$_->expect('peer-away') for $alice, $bob;

sub keys_of_rooms () {
    return [sort grep { /\{den\}/ } @{ $hosts->redis->command(qw(KEYS *)) }];
}

my $before = keys_of_rooms();

for my $round (1 .. 3) {
    $hosts->redis->command('FLUSHALL');
    ok(eventually(10, sub { to_json(keys_of_rooms()) eq to_json($before) }),
        'the keys of the room are there again')
        || diag(to_json(keys_of_rooms()) . ' of ' . to_json($before));

    $alice->signal($bob, $round);
    is($bob->expect('signal')->{data}, $round, 'one host hears the other');
    $bob->message($round);
    is($alice->expect('message')->{data}, $round, 'and the other the one');
    ok($_->is_quiet, $_->identity . ' hears nothing else') for $alice, $bob;
}

my $dave = Otter::Peer->enter($hosts, 'dave', at => 0);

is_deeply([sort map { $_->{identity} } @{ $dave->welcome->{peers} }],
    [qw(alice bob carol)], 'who joins sees all of them');
$_->expect('peer-joined') for $alice, $bob;
is(Otter::Peer->knock($hosts, 'erin', at => $_)->ws->status, 409,
    "and the room is full, at host $_") for 0, 1;

$carol->resume(at => 0);
is($carol->welcome->{resumed}, true, 'who was away resumes, elsewhere');

my $anew = Otter::Peer->enter($hosts, 'bob', at => 0);

is($bob->close_code, 4409, 'and who comes anew replaces the older one');


done_testing;

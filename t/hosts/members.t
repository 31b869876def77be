use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Peers of two hosts hear of each other as those of one host do.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(server => 'otter_resume_timeout 2s;');
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0, claims => {
    name     => 'Alice',
    role     => 'moderator',
    metadata => { team => ["\x{1f9a6}", "tab\there", { deep => 1 }] },
});
my $bob = Otter::Peer->enter($hosts, 'bob', at => 1);

is_deeply($bob->welcome->{peers}, [$alice->welcome->{self}],
    'the welcome lists a peer of another host');
is_deeply($alice->expect('peer-joined')->{peer}, $bob->welcome->{self},
    'who hears of the new one');

my $carol = Otter::Peer->enter($hosts, 'carol', at => 0);

is_deeply([sort map { $_->{id} } @{ $carol->welcome->{peers} }],
    [sort map { $_->id } $alice, $bob], 'peers of both hosts');
is_deeply($_->expect('peer-joined')->{peer}, $carol->welcome->{self},
    $_->identity . ' hears of carol') for $alice, $bob;

$alice->send({ type => 'update', name => 'Alice II', metadata => { n => 1 } });

my $updated = $bob->expect('peer-updated')->{peer};

is($updated->{id}, $alice->id, 'an update is heard');
is($updated->{name}, 'Alice II', 'the name');
is_deeply($updated->{metadata}, { n => 1 }, 'the metadata');
is($updated->{joined_at}, $alice->welcome->{self}{joined_at}, 'the rest stays');
is_deeply($carol->expect('peer-updated')->{peer}, $updated, 'at each host');

my $dave = Otter::Peer->enter($hosts, 'dave', at => 1);

is_deeply((grep { $_->{id} eq $alice->id } @{ $dave->welcome->{peers} })[0],
    $updated, 'and who joins later sees it');
$_->expect('peer-joined') for $alice, $bob, $carol;

$carol->drop;
is($_->expect('peer-away')->{peer}, $carol->id, $_->identity
    . ' hears: away') for $alice, $bob, $dave;

my $erin = Otter::Peer->enter($hosts, 'erin', at => 1);

is(scalar @{ $erin->welcome->{peers} }, 4, 'who is away is still listed');
$_->expect('peer-joined') for $alice, $bob, $dave;

$carol->resume;
is($_->expect('peer-back')->{peer}, $carol->id, $_->identity
    . ' hears: back') for $alice, $bob, $dave, $erin;
is_deeply([map { $_->{type} } $carol->pending], ['peer-joined'],
    'and the one who is back, what it missed');

$bob->leave;

for my $peer ($alice, $carol, $dave, $erin) {
    my $left = $peer->expect('peer-left');

    is($left->{peer}, $bob->id, $peer->identity . ' hears: left');
    is($left->{reason}, 'left', 'and why');
}

$dave->drop;
$_->expect('peer-away') for $alice, $carol, $erin;

for my $peer ($alice, $carol, $erin) {
    my $left = $peer->expect('peer-left', 8);

    is($left->{peer}, $dave->id, $peer->identity . ' hears: left');
    is($left->{reason}, 'timeout', 'and why');
}

my $other = Otter::Peer->enter($hosts, 'bob', at => 1, room => 'lodge');

is_deeply($other->welcome->{peers}, [], 'another room is empty');
ok($_->is_quiet, $_->identity . ' hears nothing else')
    for $alice, $carol, $erin, $other;


done_testing;

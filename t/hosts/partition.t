use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A host that does not reach Redis goes on alone; its peers are gone for the
# others, and there again when it does.  Of an identity that is on both sides
# then, one stays.

use Otter::Hosts;

my $hosts = Otter::Hosts->start(cables => 1);
my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);
my $bob   = Otter::Peer->enter($hosts, 'bob', at => 1);
my $carol = Otter::Peer->enter($hosts, 'carol', at => 1);
my $dave  = Otter::Peer->enter($hosts, 'dave', at => 1);

$alice->expect('peer-joined') for 1 .. 3;
$bob->expect('peer-joined') for 1, 2;
$carol->expect('peer-joined');

$hosts->cable(1)->cut;

my %left;

while (keys %left < 3) {
    my $message = $alice->next(15);

    is($message->{type}, 'peer-left', 'a peer is gone');
    $left{ $message->{peer} } = $message->{reason};
}

is_deeply(\%left, { map { $_->id => 'timeout' } $bob, $carol, $dave },
    'all of the host that is cut off');

$bob->signal($carol, 'here');
is($carol->expect('signal')->{data}, 'here', 'they go on among themselves');

# dave's connection seems dead to it, and it joins where it can.
my $newer = Otter::Peer->enter($hosts, 'dave', at => 0);

is($alice->expect('peer-joined')->{peer}{id}, $newer->id, 'one comes over');
is_deeply([map { $_->{identity} } @{ $newer->welcome->{peers} }], ['alice'],
    'and sees who is here');

$hosts->cable(1)->mend;
ok($hosts->heals(15), 'health says ok again');
is($dave->close_code(10), 4409, 'the older one of the two is closed');

# What each sees, in the end.

sub sees ($peer, @present) {
    my %here = map { $_->{id} => 1 } @{ $peer->welcome->{peers} };
    my %want = map { $_->id => 1 } grep { $_ != $peer } @present;

    Otter::Peer->gather(10, sub {
        for my $message ($peer->pending) {
            my ($type, $who) = @$message{qw(type peer)};

            $here{ $who->{id} } = 1 if $type eq 'peer-joined';
            delete $here{$who} if $type eq 'peer-left';
            %here = map { $_->{id} => 1 } @{ $message->{peers} }
                if $type eq 'resync';
        }

        return to_json(\%here) eq to_json(\%want);
    }, $peer);

    is_deeply(\%here, \%want, $peer->identity . ' sees who is there');
}

my @present = ($alice, $bob, $carol, $newer);

# What they knew before the cable was mended.
$alice->{welcome}{peers} = [{ id => $newer->id }];
$bob->{welcome}{peers} = [map { { id => $_->id } } $alice, $carol, $dave];
$carol->{welcome}{peers} = [map { { id => $_->id } } $alice, $bob, $dave];
sees($_, @present) for @present;

for my $from (@present) {
    for my $to (grep { $_ != $from } @present) {
        $from->signal($to, $from->identity);
        is($to->expect('signal')->{from}, $from->id,
            $from->identity . ' reaches ' . $to->identity);
    }
}

is_deeply([sort map { $_->{id} }
    @{ Otter::Peer->enter($hosts, 'erin')->welcome->{peers} }],
    [sort map { $_->id } @present], 'as Redis has them');


done_testing;

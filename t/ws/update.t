use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A peer changes its own name and metadata, and everyone hears.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my ($alice, $bob) = peers($nginx, qw(alice bob));

$alice->send({ type => 'update', name => "\x{1f9a6}",
    metadata => { muted => true } });

my $peer = $bob->expect('peer-updated')->{peer};

is_deeply($peer, { %{ $alice->welcome->{self} }, name => "\x{1f9a6}",
    metadata => { muted => true } }, 'nothing else has changed');

ok($alice->is_quiet, 'the peer itself knows');

my $carol = Otter::Peer->enter($nginx, 'carol');

is_deeply([grep { $_->{id} eq $alice->id } @{ $carol->welcome->{peers} }],
    [$peer], 'who comes later sees it');
$_->expect('peer-joined') for $alice, $bob;

$alice->send({ type => 'update', name => 'Alice' });
$peer = $bob->expect('peer-updated')->{peer};
is($peer->{name}, 'Alice', 'the name alone');
is_deeply($peer->{metadata}, { muted => true }, 'leaves the metadata');

my %bad = (
    'a name of a wrong type'     => '"name":1',
    'a name too long'            => '"name":"' . 'x' x 300 . '"',
    'a name with a line break'   => '"name":"a\nb"',
    'metadata of a wrong type'   => '"metadata":[]',
    'metadata too large'         => '"metadata":{"x":"' . 'y' x 5000 . '"}',
);

for my $name (sort keys %bad) {
    $bob->send(qq({"type":"update","ref":"$name",$bad{$name}}));

    my $error = $bob->expect('error');

    is($error->{code}, 'bad-message', $name);
    is($error->{ref}, $name, 'with its ref');
}

$bob->send({ type => 'update', identity => 'eve', role => 'moderator',
    id => 'x', name => 'Bob' });

my $updated = $alice->expect('peer-updated')->{peer};

is($updated->{name}, 'Bob', 'a name');
is($updated->{$_}, $bob->welcome->{self}{$_}, "but no one changes $_")
    for qw(id identity role joined_at);


done_testing;

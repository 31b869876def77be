use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What is no message is answered by "bad-message" in a lobby as anywhere; what
# is one, but not for who waits, by the same "forbidden" whatever it names.

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);

$nginx->http->post('rooms', { room => 'den', lobby => true },
    bearer => $nginx->api_key);

my $mod = Otter::Peer->enter($nginx, 'mod', claims => { role => 'moderator' });
my $bob = Otter::Peer->wait($nginx, 'bob');

$mod->expect('knock');

sub answer ($text) {
    $bob->send($text);

    my $error = $bob->expect('error');

    return $error->{code}, $error->{detail};
}

for my $text ('', 'x', '[]', '{}', '{"type":"dance"}', '{"type":"signal"}',
    '{"type":"ack","seq":-1}', '{"type":"admit"}',
    '{"type":"message","data":1,"data":2}',
    '{"type":"message","data":' . '[' x 32 . ']' x 32 . '}')
{
    is((answer($text))[0], 'bad-message', substr $text, 0, 40);
}

my %told;

for my $message (
    (map { { type => 'signal', to => $_, data => 1 } } $mod->id, 'nobody'),
    { type => 'message', data => 1 },
    { type => 'update', name => 'Bob' },
    (map { my $type = $_; map { { type => $type, peer => $_ } }
        $mod->id, $bob->id, 'nobody' } qw(kick admit deny)),
    { type => 'room', lobby => false })
{
    my ($code, $detail) = answer($message);

    $told{"$code: $detail"}++;
}

is(scalar keys %told, 1, 'all others get one and the same answer');
like((keys %told)[0], qr/^forbidden: /, 'forbidden');

$bob->send({ type => 'ack', seq => $bob->seq });
$bob->message('x');
is($bob->expect('error')->{code}, 'forbidden', 'an ack is taken');
ok($mod->is_quiet, 'and nobody hears anything of it');


done_testing;

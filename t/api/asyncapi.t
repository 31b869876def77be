use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Contract;
use Otter::Test;

# Every message of the AsyncAPI document, for real: what the server sends
# fits, what a client may send is taken, what it may not is refused by both.

my $nginx = Otter::Nginx->start(workers => 2, listen => 'reuseport',
    turn_secrets => ['north'], api_keys => [{ id => 'main' }],
    server => 'otter_resume_timeout 1s; otter_send_buffer 64k;
        otter_turn_uri stun:127.0.0.1:3478 turn:127.0.0.1:3478;');

my $contract = Otter::Contract->new('asyncapi');
my %seen;


# A message as the server sent it.

sub note_message ($message) {
    my $type = $message->{type};

    $contract->add("server.$type",
        "/components/messages/server.$type/payload", $message)
        if !$seen{"server.$type"}++ || $type =~ /^(?:welcome|error|bye)$/;

    return $message;
}


# The next message of that type, all before it noted as well.

sub hear ($peer, $type) {
    for (1 .. 200) {
        my $message = note_message($peer->next);

        return $message if $message->{type} eq $type;
    }

    die "no $type";
}


# Sends a message that fits; refused => 1: one that does not.

sub speak ($peer, $message, %option) {
    my $type = $message->{type};

    $seen{"client.$type"} = 1 if !$option{refused};

    $contract->add("client.$type: " . to_json($message),
        "/components/messages/client.$type/payload", $message,
        !$option{refused});
    $peer->send($message);

    hear($peer, 'error') if $option{refused};
}


my $mod = Otter::Peer->enter($nginx, 'mod',
    claims => { role => 'moderator', name => 'Mo', metadata => { a => 1 } });
note_message($mod->welcome);

my $alice = Otter::Peer->enter($nginx, 'alice');
note_message($alice->welcome);
hear($mod, 'peer-joined');

speak($mod, { type => 'signal', to => $alice->id, data => { sdp => 'x' } });
hear($alice, 'signal');
speak($alice, { type => 'message', data => [1, undef, 'x'], ref => { n => 1 } });
hear($mod, 'message');
speak($alice, { type => 'update', name => 'Al', metadata => { b => [] } });
hear($mod, 'peer-updated');
speak($alice, { type => 'ack', seq => 1 });
speak($alice, { type => 'token', token => mint($nginx->key, sub => 'alice',
    exp => time + 600) });

for my $message (
    { type => 'signal', data => 1 },
    { type => 'signal', to => 7, data => 1 },
    { type => 'message' },
    { type => 'ack' },
    { type => 'ack', seq => -1 },
    { type => 'ack', seq => 'x' },
    { type => 'token' },
    { type => 'token', token => 1 },
    { type => 'kick' },
    { type => 'update', name => 1 },
    { type => 'update', metadata => 'x' },
    { type => 'room', locked => 'yes' },
) {
    speak($alice, $message, refused => 1);
}

# Errors that only the server can know of.
$alice->signal('nobody-is-called-so', 1, ref => 'r');
is(hear($alice, 'error')->{code}, 'no-such-peer', 'no such peer');
$alice->send({ type => 'token', token => 'nonsense' });
like(hear($alice, 'error')->{code}, qr/^token-/, 'a bad token');
$alice->send({ type => 'kick', peer => $mod->id });
is(hear($alice, 'error')->{code}, 'forbidden', 'not a moderator');

# What moderators do.
speak($mod, { type => 'room', locked => true, max_peers => 5 });
hear($alice, 'room-updated');
speak($mod, { type => 'room', locked => false });

$nginx->http->post('rooms/den/messages', { data => 1 },
    bearer => $nginx->api_key);
is(hear($alice, 'message')->{from}, undef, 'from the server');

# Away, back, missed too much, gone.
my $bob = Otter::Peer->enter($nginx, 'bob');

$bob->drop;
hear($alice, 'peer-away');
$bob->resume;
note_message($bob->welcome);
hear($alice, 'peer-back');

$bob->drop;
hear($alice, 'peer-away');
$alice->message('x' x 30_000) for 1 .. 20;
$bob->resume;
hear($bob, 'resync');

speak($mod, { type => 'kick', peer => $bob->id });
is($bob->close_code, 4403, 'kicked');
note_message($_) for $bob->last_messages;
is(hear($alice, 'peer-left')->{reason}, 'kicked', 'the others are told');

my $carol = Otter::Peer->enter($nginx, 'carol');

speak($carol, { type => 'leave' });
is($carol->close_code, 1000, 'left');

# A room that has a lobby.
$nginx->http->post('rooms', { room => 'inn', lobby => true },
    bearer => $nginx->api_key);

my $host  = Otter::Peer->enter($nginx, 'host', room => 'inn',
    claims => { role => 'moderator' });
my $guest = Otter::Peer->knock($nginx, 'guest', room => 'inn');

hear($guest, 'lobby');

my $id = hear($host, 'knock')->{peer}{id};

speak($host, { type => 'admit', peer => $id });
hear($guest, 'admitted');
hear($guest, 'welcome');

my $other = Otter::Peer->knock($nginx, 'other', room => 'inn');

hear($other, 'lobby');
speak($host, { type => 'deny', peer => hear($host, 'knock')->{peer}{id} });
is($other->close_code, 4403, 'denied');
note_message($_) for $other->last_messages;

# Credentials that come before the old ones end.
{
    my $short = Otter::Nginx->start(turn_secrets => ['north'],
        server => 'otter_turn_ttl 2s;
            otter_turn_uri turn:127.0.0.1:3478;');
    my $peer = Otter::Peer->enter($short, 'peer');

    hear($peer, 'ice-servers');
}

$nginx->reload;
$alice->close_code;
note_message($_) for $alice->last_messages;

$contract->validate;

for my $key (sort keys %{ $contract->{document}{components}{messages} }) {
    ok($seen{$key}, "$key was seen");
}


done_testing;

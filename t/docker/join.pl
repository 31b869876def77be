use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";

# For stack.sh: two peers join a room of the server on a port of 127.0.0.1 by
# tokens of an API key, which comes on the standard input, and hear each other;
# coturn relays with what they were given, and takes nothing else.

use Otter::HTTP;
use Otter::JSON qw(from_json to_json);
use Otter::WebSocket;

my ($port) = @ARGV;
my $key    = readline(STDIN) =~ s/\s+\z//r;
my $http   = Otter::HTTP->new(port => $port);

sub enter ($identity) {
    my $answer = $http->post('token', { room => 'demo', identity => $identity },
        bearer => $key);

    die $answer->body if $answer->status != 200;

    my $ws = Otter::WebSocket->open(port => $port, path => '/otter/ws',
        token => $answer->json->{token});

    die $ws->response->body if $ws->status != 101;

    return $ws;
}

sub hear ($ws, $type) {
    while (defined(my $text = $ws->next_message(20))) {
        my $message = from_json($text);

        return $message if $message->{type} eq $type;
    }

    die "no $type";
}

my $alice   = enter('alice');
my $welcome = hear($alice, 'welcome');
my $bob     = enter('bob');

hear($bob, 'welcome');
$bob->send_text(to_json({ type => 'message', data => 'over containers' }));

my $message = hear($alice, 'message');

die 'another message' if $message->{data} ne 'over containers';

say STDERR 'two peers hear each other';

my ($turn) = grep { $_->{username} } @{ $welcome->{ice_servers} };

say join "\n", @$turn{qw(username credential)};

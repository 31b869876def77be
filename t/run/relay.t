# The TURN credentials that the stack hands out open a relay of its coturn,
# over UDP and TCP, and the relay reaches no other address.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Command qw(output_of run);
use Otter::JSON qw(from_json);
use Otter::Stack;

my $stack = Otter::Stack->start;
my $base = 'http://localhost:' . $stack->port . '/otter';
my $turn = from_json(output_of('curl', '-fsS', '-H',
    'Authorization: Bearer ' . $stack->api_key, "$base/turn?service=turn"));


sub client (@options) {
    my $result = run(qw(timeout 10 turnutils_uclient), @options,
        '-u', $turn->{username}, '-w', $turn->{password},
        '-p', $stack->turn_port, '127.0.0.1');

    return $result->{stdout} . $result->{stderr};
}


like(client(qw(-y -n 1 -m 1)), qr/Total lost packets 0 /, 'relay over UDP');
like(client(qw(-t -y -n 1 -m 1)), qr/Total lost packets 0 /,
     'relay over TCP');

for my $peer (qw(127.0.0.2 10.0.0.1 192.168.0.1 169.254.169.254)) {
    like(client(qw(-n 1 -m 1 -e), $peer), qr/403 \(Forbidden IP\)/,
         "no relay to $peer");
}

is_deeply([ sort map { /^(\w+):/ } @{ $turn->{uris} } ], [ qw(turn turn) ],
          'two URIs') or diag(join ' ', @{ $turn->{uris} });

$stack->interrupt;

done_testing();

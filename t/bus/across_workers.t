use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Peers of one room reach each other from any worker to any other.

my $nginx = Otter::Nginx->start(workers => 4, listen => 'reuseport',
    server => 'otter_max_peers 9;');
my @peers = peers($nginx, map { "peer-$_" } 1 .. 8);
my %worker = map { $nginx->worker_of($_->ws->socket) => 1 } @peers;

cmp_ok(scalar keys %worker, '>=', 2, 'they are on several workers');

for my $from (@peers) {
    for my $to (grep { $_ != $from } @peers) {
        $from->signal($to, $from->id . $to->id);

        my $signal = $to->expect('signal');

        is($signal->{from} . $to->id, $signal->{data},
            $from->identity . ' to ' . $to->identity);
    }
}

for my $from (@peers) {
    $from->message($from->id);
    is($_->expect('message')->{data}, $from->id, 'a message to '
        . $_->identity) for grep { $_ != $from } @peers;
}

ok($_->is_quiet, $_->identity . ' got nothing else') for @peers;


done_testing;

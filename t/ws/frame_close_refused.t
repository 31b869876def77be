use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A close with a code that may not be sent, or a reason that is not UTF-8, is
# an error of its own; the connection ends at once, since both have closed.

my $nginx = Otter::Nginx->start;

my %case = map { ($_ => [$_]) }
    0, 999, 1004 .. 1006, 1016, 1100, 2000, 2999, 5000, 65535;

$case{'not UTF-8'} = [1000, "\xff"];

for my $name (sort keys %case) {
    my $alice = Otter::Peer->enter($nginx, 'alice', room => "room-$name" =~
        s/ /-/gr);

    $alice->ws->send_close(@{ $case{$name} });
    is($alice->ws->next_event->{code}, $name eq 'not UTF-8' ? 1007 : 1002,
        "$name is refused");
    $case{$name} = $alice;
}

ok($case{$_}->ws->socket->ends(1), "$_: the connection ends")
    for sort keys %case;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# When a room was made and last changed is the same at all hosts, whoever looks.

use Otter::Hosts;
use Time::HiRes qw(sleep);

my $hosts = Otter::Hosts->start(hosts => 3,
    api_keys => [{ id => 'main' }]);
my %seen;

sub stamps () {
    return map {
        my $nginx = $hosts->nginx($_);
        my $room  = $nginx->http->get('rooms/den',
            bearer => $nginx->api_key)->json;

        join ' ', @$room{qw(created_at updated_at)};
    } 0 .. 2;
}

my $alice = Otter::Peer->enter($hosts, 'alice', at => 0);

# The other hosts begin with the room in a later second.
sleep 1.1;

for my $round (1 .. 4) {

    # At another part of a second each time.
    sleep 0.35;

    my $bob = Otter::Peer->enter($hosts, "bob$round", at => 1);
    my @times;

    ok(eventually(5, sub {
        @times = stamps();
        return $times[0] eq $times[1] && $times[1] eq $times[2];
    }), "round $round: all say the same") or diag join "\n", @times;

    sleep 1.1;
    is_deeply([stamps()], \@times, 'and still do when nothing changes');
    $seen{ $times[0] }++;
}

is(scalar keys %seen, 4, 'each change moves it');


done_testing;

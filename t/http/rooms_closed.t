use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A room whose time is over is shown as closed until it is gone, which takes
# less than a second or two; one that was deleted is gone at once.

use Time::HiRes ();

my $nginx = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my $http  = $nginx->http;
my %as    = (bearer => $nginx->api_key);

# Rooms end with a second of the clock, and are looked through once in a
# second, at a moment that depends on when the worker was started: that moment
# is moved until it can be seen.

my (%seen, $closed);

for my $try (1 .. 20) {
    my $room = "den-$try";

    $http->post('rooms', { room => $room, expires_in => 1 }, %as);

    my $end = time + 15;

    while (time < $end) {
        my $answer = $http->get("rooms/$room", %as);
        my $status = $answer->status == 200 ? $answer->json->{status}
            : $answer->status;

        $seen{$status}++;

        if ($status eq 'closed' && !$closed) {
            $closed = $answer->json;

            my ($listed) = grep { $_->{room} eq $room }
                @{ $http->get('rooms', %as)->json->{rooms} };

            $seen{"listed as $listed->{status}"}++ if $listed;
        }

        last if $status eq '404';
        Time::HiRes::sleep(0.01);
    }

    last if $closed;

    Time::HiRes::sleep(0.15);
    $nginx->reload;
}

ok($seen{open}, 'open');
ok($closed, 'then closed');
is_deeply($closed && $closed->{peers}, [], 'with nobody in it');
ok($seen{404}, 'then gone');
is_deeply([grep { !/^(open|closed|404|listed as (open|closed))$/ } keys %seen],
    [], 'and nothing else') or diag(explain(\%seen));

$http->post('rooms', { room => 'lodge' }, %as);
is($http->delete('rooms/lodge', %as)->status, 204, 'closed by a call');
is_problem($http->get('rooms/lodge', %as), '404 room-not-found',
    'gone at once');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A key with a rate makes that many requests in a second, on all workers
# together; one more is a 429 that says when to come again.

use Time::HiRes qw(sleep time);

my $nginx = Otter::Nginx->start(
    workers  => 2,
    api_keys => [
        { id => 'five', rate => 5 },
        { id => 'one',  rate => 1 },
        { id => 'free' },
    ],
);

my @clients = values %{ $nginx->http_of_workers };
my $turn    = 0;

sub ask ($id) {
    return $clients[ $turn++ % @clients ]->post('token', { room => 'den' },
        bearer => $nginx->api_key($id));
}

# All of a burst come within the time that one request is worth.

sub burst ($id, $n) {
    for (1 .. 20) {
        my $begin    = time;
        my @statuses = map { ask($id)->status } 1 .. $n;

        return @statuses if time - $begin < 0.15;
        sleep 1.2;
    }

    return;
}

is_deeply([burst('five', 5)], [(200) x 5], 'as many as it may');
sleep 1.2;
is_deeply([burst('five', 6)], [(200) x 5, 429], 'one more is refused');

my $refused = ask('five');

is_problem($refused, '429 key-rate', 'the problem');
is($refused->header('Retry-After'), 1, 'and when to come again');
is(ask('free')->status, 200, 'another key has no limit');

ok(eventually(2, sub { ask('five')->status == 200 }), 'it may go on soon');

is(ask('one')->status, 200, 'one a second');
is(ask('one')->status, 429, 'is one a second');
ok(eventually(2, sub { ask('one')->status == 200 }), 'and another later');


done_testing;

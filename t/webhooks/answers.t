use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What the status of an answer leads to.

use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks;

my $redis = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my %url = map { $_ => $receiver->url($_) }
    qw(busy gone later moved slow talks);
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { attempts => 20 },
    endpoints => { map { $_ => { url => $url{$_} } } keys %url },
);

$receiver->answer(later => 503, headers => ['Retry-After: 2']);
$receiver->answer(busy => 429, headers => ['Retry-After: 1']);
$receiver->answer(gone => 410);
$receiver->answer(moved => 302, headers => ["Location: $url{talks}"]);
$receiver->answer(slow => 200, after => 3);
$receiver->answer(talks => 200, size => 300_000);

my $pid = $webhooks->start;

$webhooks->emit("room-$_") for 1 .. 3;

# 503 and 429 with Retry-After: the endpoint is left alone that long.

for my $case ([later => 2], [busy => 1]) {
    my ($name, $wait) = @$case;
    my @before = $receiver->wait_for($name => 1);
    my @requests = $receiver->wait_for($name => 4);
    my ($first) = sort { $a <=> $b } map { $_->{time} } @requests;
    my @soon = grep { $_->{time} < $first + $wait - 0.3 } @requests;

    cmp_ok(scalar @soon, '<=', 3, "$name: no second request before its time");

    my %times;

    push @{ $times{ $_->{id} } }, $_->{time} for @requests;

    for my $list (grep { @$_ > 1 } values %times) {
        cmp_ok($list->[1] - $list->[0], '>', $wait - 0.05,
            "$name: the second attempt waits $wait s");
    }
}

# 410: nothing more comes, until it is allowed again.

ok(eventually(10, sub { $webhooks->log =~ /endpoint gone is gone/ }),
    '410 is told');

my $requests = $receiver->requests('gone');

$webhooks->emit('room-4');
$receiver->wait_for(talks => 4);
cmp_ok($requests, '<=', 3, '410: at most what was under way');
is(scalar(my @more = $receiver->requests('gone')), $requests,
    '410: nothing more comes');
is_deeply($webhooks->command('list', '--endpoint', 'gone')->{dead}, [],
    '... and nothing is lost');

$receiver->answer(gone => 204);
is_deeply($webhooks->command('enable', 'gone'), { enabled => 1 },
    'it is allowed again');
is($webhooks->try_command('enable', 'gone')->{exit}, 1, 'once');
$webhooks->emit('room-5');

my %rooms = map { $_ => 1 } map { /"room":"(room-\d)"/ } map { $_->{body} }
    grep { $_->{status} == 204 } $receiver->wait_for(gone => $requests + 4);

is_deeply([sort keys %rooms], [qw(room-1 room-2 room-3 room-5)],
    'what waited comes, and what is new');

# A redirect is no success, and is not followed.

cmp_ok(scalar(my @moved = $receiver->wait_for(moved => 4)), '>=', 4,
    '302 is tried again');

# An endless answer is cut, a slow one is not waited for.

is(scalar(my @talks = $receiver->requests('talks')), 5,
    'a long answer is a success');
cmp_ok(scalar(my @slow = $receiver->wait_for(slow => 6)), '>=', 6,
    'one that is too slow is none');

is($webhooks->stop($pid), 0, 'it ends when asked to');


done_testing;

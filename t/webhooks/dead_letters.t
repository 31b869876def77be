use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What can't be delivered is kept as a dead letter, and does not hold up what
# follows; "otter webhooks" lists and retries it.

use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks qw(body_of is_signed);

my $redis = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    conf      => { attempts => 3 },
    endpoints => {
        hook  => { url => $receiver->url('hook') },
        other => { url => $receiver->url('other') },
    },
);

$receiver->answer(hook => 500);
$webhooks->start;

is_deeply($webhooks->command('list'), { dead => [] }, 'no dead letters yet');

my @ids = map { $webhooks->emit('den') } 1 .. 3;
my $apart = $webhooks->emit('lodge');

$receiver->wait_for(hook => 12);
is(scalar $receiver->wait_for(other => 4), 4, 'another endpoint has them all');

my @dead;

ok(eventually(10, sub {
    @dead = @{ $webhooks->command('list')->{dead} };
    return @dead == 4;
}), 'four dead letters');

my @requests = $receiver->requests('hook');

is_deeply([map { $_->{id} } grep { $_->{id} ne $apart } @requests],
    [map { ($_) x 3 } @ids], 'each was tried three times, in order');

my ($letter) = grep { $_->{id} eq $ids[0] } @dead;

has_members($letter, [qw(id endpoint type room attempts error failed_at)],
    'a letter');
is($letter->{endpoint}, 'hook', 'its endpoint');
is($letter->{type}, 'room.updated', 'its type');
is($letter->{room}, 'den', 'its room');
is($letter->{attempts}, 3, 'its attempts');
is($letter->{error}, 'status 500', 'what was wrong');
is_time($letter->{failed_at}, time, 20, 'when');

like($webhooks->try_command('list')->{stdout}, qr/\Q$ids[0]\E .* den/x,
    'a table for people');

my $missing = $webhooks->try_command('retry', 'evt_0_1-1');

is($missing->{exit}, 1, 'a letter that is not there is refused');
like($missing->{stderr}, qr/evt_0_1-1/, '... by name');
is($webhooks->try_command('retry', 'nonsense')->{exit}, 1, 'as is what is none');
is($webhooks->try_command('retry')->{exit}, 2, 'and nothing is misuse');

$receiver->answer(hook => 204);

is_deeply($webhooks->command('retry', $ids[1]), { retried => 1 }, 'one again');

my ($again) = grep { $_->{status} == 204 } $receiver->wait_for(hook => 13);

is($again->{id}, $ids[1], 'it comes, as the same event');
ok(is_signed($again), 'signed for now');
is($again->{body}, (grep { $_->{id} eq $ids[1] } @requests)[0]{body},
    'with the same body');

is_deeply($webhooks->command('retry', '--all', '--endpoint', 'hook'),
    { retried => 3 }, 'all others');
$receiver->wait_for(hook => 16);
is_deeply($webhooks->command('list'), { dead => [] }, 'none is left');

$redis->stop;

my $away = $webhooks->try_command('list');

is($away->{exit}, 1, 'without Redis it says so');
like($away->{stderr}, qr/Redis/, '... by name');


done_testing;

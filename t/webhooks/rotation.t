use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While one secret follows another, every request is signed with both; the
# configuration is read again on SIGHUP.

use Otter::Redis;
use Otter::Receiver;
use Otter::Webhooks qw(SECRET is_signed signatures);

my $new = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
my $redis = Otter::Redis->start;
my $receiver = Otter::Receiver->start;
my $webhooks = Otter::Webhooks->new(
    redis     => $redis,
    endpoints => { hook => { url => $receiver->url('hook') } },
);
my $pid = $webhooks->start;
my $count = 0;


# The next request, once the worker has the configuration with those secrets.

sub with_secrets (@secrets) {
    $webhooks->configure(endpoints => {
        hook => { url => $receiver->url('hook'), secret => \@secrets },
    });

    my $before = () = $webhooks->log =~ /read again/g;

    kill HUP => $pid;
    eventually(10, sub {
        return (() = $webhooks->log =~ /read again/g) > $before;
    });
    $webhooks->emit('den');

    return ($receiver->wait_for(hook => ++$count))[-1];
}


$webhooks->emit('den');

my ($old) = $receiver->wait_for(hook => ++$count);

ok(is_signed($old), 'at first the old secret signs');
is(scalar(my @one = signatures($old)), 1, 'alone');

my $both = with_secrets($new, SECRET);

ok(is_signed($both, $_), 'then both do') for SECRET, $new;
is(scalar(my @two = signatures($both)), 2, 'and nothing else');

my $last = with_secrets($new);

ok(is_signed($last, $new), 'then the new one');
ok(!is_signed($last), 'alone');

$webhooks->configure(endpoints => {
    hook => { url => $receiver->url('hook'), secret => ['whsec_short'] },
});
kill HUP => $pid;
ok(eventually(10, sub { $webhooks->log =~ /old configuration stays: .*secret/ }),
    'a bad configuration is told and not taken');
unlike($webhooks->log, qr/whsec_\w/, 'no secret is in the log');
$webhooks->emit('den');
ok(is_signed(($receiver->wait_for(hook => ++$count))[-1], $new),
    'the one before goes on');


done_testing;

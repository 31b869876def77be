use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::FakeTurn qw(attribute challenge failure message);

# A nonce that has become stale is changed for the new one, once.

put('turn.secret', 'x' x 32);

my $mapped = attribute(0x0020, pack 'CCn N', 0, 1, 1, 1);

my $fake = Otter::FakeTurn->start(steps => [
    sub ($request) { message($request, 0x0100, $mapped) },
    sub ($request) { challenge($request) },
    sub ($request) {
        failure($request, 438, 'Stale Nonce', attribute(0x0014, 'otter'),
            attribute(0x0015, 'a new nonce'));
    },
    sub ($request) {
        index($request, 'a new nonce') > 0
            ? failure($request, 486, 'as it should be')
            : failure($request, 500, 'the old nonce');
    },
]);

my $report = json_of(otter(qw(check --json --turn), '127.0.0.1:' . $fake->port,
    '--turn-secret', file_in('turn.secret')));

ok(finding($report, 'problem', qr/as it should be/), 'with the new nonce');

$fake = Otter::FakeTurn->start(steps => [
    sub ($request) { message($request, 0x0100, $mapped) },
    sub ($request) { challenge($request) },
    sub ($request) { challenge($request, 438) },
]);

$report = json_of(otter(qw(check --json --turn), '127.0.0.1:' . $fake->port,
    '--turn-secret', file_in('turn.secret')));

ok(finding($report, 'problem', qr/438/), 'one that always is, is given up');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::FakeTurn qw(attribute challenge message);

# A server that does not know the secret cannot pretend to: its answer has to
# be signed with it.

put('turn.secret', 'x' x 32);

my $relayed = attribute(0x0016, pack 'CCn N', 0, 1, 1, 1);
my $mapped  = attribute(0x0020, pack 'CCn N', 0, 1, 1, 1);

my $fake = Otter::FakeTurn->start(steps => [
    sub ($request) { message($request, 0x0100, $mapped) },
    sub ($request) { challenge($request) },
    sub ($request) {
        message($request, 0x0100, $relayed, attribute(0x0008, 'x' x 20));
    },
]);

my $report = json_of(otter(qw(check --json --turn), '127.0.0.1:' . $fake->port,
    '--turn-secret', file_in('turn.secret')));

ok(finding($report, 'problem', qr/no STUN and TURN server.*UDP/),
    'a forged answer is none');
ok(!finding($report, 'ok', qr/relays/), 'it does not relay');

done_testing();

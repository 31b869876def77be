use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::FakeTurn qw(attribute challenge failure message);

# What a TURN server refuses a relay for is told, with a remedy of its own.

put('turn.secret', 'x' x 32);

my $mapped = attribute(0x0020, pack 'CCn N', 0, 1, 1, 1);

my %remedy = (
    403 => qr/allow this address/,
    486 => qr/user-quota/,
    508 => qr/min-port/,
    500 => qr/log of coturn/,
);

for my $code (sort keys %remedy) {
    my $fake = Otter::FakeTurn->start(steps => [
        sub ($request) { message($request, 0x0100, $mapped) },
        sub ($request) { challenge($request) },
        sub ($request) { failure($request, $code, "No\e[2J \xff reason") },
    ]);

    my $report = json_of(otter(qw(check --json --turn),
        '127.0.0.1:' . $fake->port, '--turn-secret', file_in('turn.secret')));
    my $found = finding($report, 'problem', qr/refuses a relay over UDP/);

    like($found->{message}, qr/: $code No\?\[2J \? reason\z/,
        "error $code, made harmless");
    like($found->{remedy}, $remedy{$code}, 'its remedy');
}

done_testing();

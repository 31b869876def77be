use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::OwnCoturn;
use Otter::Timing qw(eventually);

# A coturn that relays for anyone is a problem, though everything works.

my $coturn = Otter::OwnCoturn->start('--no-auth');
my $path   = put('turn.secret', 'x' x 32);

my $result;

ok(eventually(10, sub {
    $result = otter(qw(check --json --turn), $coturn->server,
        '--turn-secret', $path);

    return $result->{stdout} =~ /answers over UDP/;
}), 'it answers');

my $found = finding(json_of($result), 'problem', qr/relays for anyone/);

is($result->{exit}, 1, 'something is wrong');
like($found->{remedy}, qr/use-auth-secret/, 'with the remedy');

done_testing();

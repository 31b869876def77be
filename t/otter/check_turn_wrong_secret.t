use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Coturn;

# A secret that coturn does not know is a problem, with the remedy.

my $coturn = Otter::Coturn->start(secrets => ['secret-of-coturn-itself']);
my $path   = put('turn.secret', "another-secret-than-that\n");

my $result = otter(qw(check --json --turn), 'localhost:' . $coturn->port,
    '--turn-secret', $path);
my @found = finding(json_of($result), 'problem', qr/does not know the secret/);

is($result->{exit}, 1, 'something is wrong');
is(scalar @found, 2, 'over UDP and TCP');
like($found[0]{remedy}, qr/static-auth-secret/, 'what to do');
unlike($result->{stdout}, qr/another-secret/, 'the secret is not shown');

done_testing();

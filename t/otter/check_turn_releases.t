use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::OwnCoturn;
use Otter::Timing qw(eventually);

# A relay that was tried is given back.

my $secret = 'secret-of-coturn-itself';
my $coturn = Otter::OwnCoturn->start('-v', '--simple-log',
    '--use-auth-secret', "--static-auth-secret=$secret");

my @arguments = (qw(check --json --turn), $coturn->server, '--turn-secret',
    put('turn.secret', $secret));

ok(eventually(10, sub { otter(@arguments)->{exit} == 0 }), 'it relays');

my $log = $coturn->log;

sub count ($pattern) {
    return scalar(my @found = $log =~ /$pattern/g);
}

cmp_ok(count(qr/ALLOCATE processed, success/), '>=', 2,
    'over UDP and over TCP');
is(count(qr/lifetime=0\b/), count(qr/ALLOCATE processed, success/),
    'each got an end');
is(count(qr/REFRESH processed, success/), count(qr/lifetime=0\b/),
    'which coturn took');

done_testing();

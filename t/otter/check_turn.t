use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Coturn;

# A real coturn answers over UDP and TCP, and relays with the secret.

my $coturn = Otter::Coturn->start(secrets => ['old-secret-of-coturn',
    'new-secret-of-coturn']);
my $server = '127.0.0.1:' . $coturn->port;
my $path   = put('turn.secret', "new-secret-of-coturn\nold-secret-of-coturn\n");

my $report = otter_json(qw(check --turn), $server, '--turn-secret', $path);

for my $transport (qw(UDP TCP)) {
    my $found = finding($report, 'ok', qr/answers over $transport/);

    is($found->{subject}, $server, "it answers over $transport");
    like($found->{message}, qr/sees 127\.0\.0\.1:\d+\z/,
        'from where it is asked');
    like(finding($report, 'ok', qr/relays over $transport/)->{message},
        qr/with the secret of \Q$path\E, by 127\.0\.0\.1:\d+\z/,
        'and it relays');
}

$report = otter_json(qw(check --turn), $server);

is(scalar(my @ok = finding($report, 'ok', qr/./)), 2,
    'without a secret no relay is tried');

done_testing();

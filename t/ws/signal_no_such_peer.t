use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A signal to a peer that is not there is answered.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

$bob->leave;
$alice->expect('peer-left');

for my $to ($bob->id, 'x', '', 'x' x 5000, '*', "\x{1f9a6}", 'bob') {
    $alice->signal($to, 'hello', ref => ['r', 1]);

    my $error = $alice->expect('error');

    like($error->{code}, $to eq '' ? qr/^(?:no-such-peer|bad-message)$/
        : qr/^no-such-peer$/, 'no such peer: ' . substr $to, 0, 40);
    ok(length $error->{detail}, 'in words');
    is_deeply($error->{ref}, ['r', 1], 'with its ref');
}

$alice->signal('x', 1);
ok(!exists $alice->expect('error')->{ref}, 'no ref, none returned');


done_testing;

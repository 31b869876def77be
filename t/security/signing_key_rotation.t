use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# While signing keys are rotated, no token is refused, on any worker and on
# another host that sees the file later.

use Otter::Command qw(run);
use Otter::Keys qw(write_private);
use Otter::Paths qw($command);
use Time::HiRes qw(sleep time);

# a connection that ends would come back to another worker

my @kept = (server => 'keepalive_requests 1000000;');
my $here = Otter::Nginx->start(
    @kept,
    workers  => 3,
    keys     => [Otter::Key->es256('first')],
    api_keys => [{ id => 'main' }],
);
my $there = Otter::Nginx->start(@kept, workers => 2, keys => $here->{keys});

my @here  = values %{ $here->http_of_workers };
my @there = values %{ $there->http_of_workers };

my (%signed, @refused, $tokens);
my @copies = [0, $here->read('jwt.json'), 1];

sub otter (@arguments) {
    my $result = run($command, @arguments);

    is($result->{exit}, 0, "otter @arguments[0, 1]") || diag($result->{stderr});
}


# What changed on the one host comes to the other half a second later.

sub copy_late () {
    my $text = $here->read('jwt.json');

    push @copies, [time + 0.5, $text] if $text ne $copies[-1][1];

    for my $copy (grep { !$_->[2] && time >= $_->[0] } @copies) {
        write_private($there->path('jwt.new'), $copy->[1]);
        rename $there->path('jwt.new'), $there->path('jwt.json');
        $copy->[2] = 1;
    }
}


# Each worker signs a token, and every other one is shown it at once.

sub traffic ($seconds) {
    my $end = time + $seconds;

    while (time < $end) {
        copy_late();

        for my $signer (@here) {
            my $answer = $signer->post('token', { room => 'den' },
                bearer => $here->api_key('main'));
            my $token  = $answer->json->{token} // '';

            $tokens++;
            $signed{ header_of($token)->{kid} }++;

            for my $verifier (@here, @there) {
                my $status = $verifier->get('session', bearer => $token)
                    ->status;

                push @refused, $status if $status != 200;
            }
        }

        sleep 0.01;
    }
}

traffic(0.5);
otter(qw(secret rotate --kid second --delay 2 --file),
    $here->path('jwt.json'));
traffic(3.5);

ok($signed{first}, 'tokens were signed by the first key');
ok($signed{second}, 'and by the second');
is("@refused", '', "none of $tokens was refused");

my $last = $here[0]->post('token', { room => 'den' },
    bearer => $here->api_key('main'))->json->{token};

is(header_of($last)->{kid}, 'second', 'now the second key signs');

my @kids = map { $_->{kid} } @{ $there[0]->get('jwks.json')->json->{keys} };

is("@kids", 'second first', 'jwks.json of the other host has both');


# A key that is put first by hand, or by "secret new", waits a moment, too.

%signed = ();
@there  = ();

otter(qw(secret new --kid third --file), $here->path('jwt.json'));
traffic(5);

ok($signed{third}, 'the third key signs');
is("@refused", '', 'and nothing was refused on this host');


done_testing;

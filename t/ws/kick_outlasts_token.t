use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Who was put out stays out with every token from before, also when the one
# that it had has ended: as long as a token may live, by otter_token_max_ttl.

use Otter::Hosts;

my $LIFE   = 12;
my @option = (workers => 2, api_keys => [{ id => 'main' }],
    server => "otter_token_ttl 5s; otter_token_max_ttl ${LIFE}s;");
my $alone  = Otter::Nginx->start(@option, listen => 'reuseport');
my $hosts  = Otter::Hosts->start(@option);

my %kicked;

for my $on ([$alone, $alone, 'one host'], [$hosts, $hosts->nginx(0), 'hosts'])
{
    my ($where, $nginx, $name) = @$on;

    my $now   = time;
    my $keep  = Otter::Peer->enter($where, 'keep');
    my $older = mint($nginx->key, sub => 'bob', exp => $now + 3600);
    my $bob   = Otter::Peer->enter($where, 'bob',
        claims => { exp => $now + 4 });
    my $at    = time;

    is($nginx->http->delete('rooms/den/peers/' . $bob->id,
        bearer => $nginx->api_key)->status, 204, "$name: kicked");
    $kicked{$name} = { at => $at, token => $bob->token, older => $older };
}

my @all = (['one host', $alone],
    map { ['hosts', $hosts->nginx($_), at => $_] } 0, 1);

sub code ($nginx, $token) {
    my $answer = $nginx->http->get('session', bearer => $token);

    return $answer->status == 200 ? 'taken' : $answer->json->{code};
}

for my $on (@all) {
    my ($name, $nginx) = @$on;
    my $kicked = $kicked{$name};

    ok(eventually(20, sub {
        code($nginx, $kicked->{token}) eq 'token-expired'
    }), "$name: its token ends");

    my $code = code($nginx, $kicked->{older});
    my $age  = time - $kicked->{at};

    # a machine that was slow must not fail the test

    if ($age < $LIFE) {
        is($code, 'token-revoked', "after $age s an older one is refused");
    }
}

# With the sockets of the hosts Redis decides.

for my $at (0, 1) {
    my $status = Otter::Peer->knock($hosts, 'bob', at => $at,
        token => $kicked{hosts}{older})->ws->status;
    my $age = time - $kicked{hosts}{at};

    is($status, 401, "host $at: refused as a socket") if $age < $LIFE;
}

# At the end of the longest life there is nothing left to refuse, but what a
# back end has made to live longer.

for my $on (@all) {
    my ($name, $nginx) = @$on;

    ok(eventually(30, sub { code($nginx, $kicked{$name}{older}) eq 'taken' }),
        "$name: it ends");
    cmp_ok(time - $kicked{$name}{at}, '>=', $LIFE, 'not before its time');
}

is(Otter::Peer->knock($hosts, 'bob', at => $_, token => $kicked{hosts}{older})
    ->ws->status, 101, "host $_: taken by Redis as well") for 0, 1;


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Companion;
use Otter::Coturn;
use Otter::Hosts;
use Otter::Keys qw(write_private);
use Otter::Paths qw($root);
use Otter::Prometheus;
use Otter::Status;
use Otter::Test;

# A real Prometheus reads two hosts while people call: every query of the
# dashboard has data, and every rule can be evaluated.

my $hosts = Otter::Hosts->start(hosts => 2, workers => 2,
    server   => "otter_message_rate 10000;\n$Otter::Status::status_conf",
    api_keys => [{ id => 'main' }]);

# TURN health is what otter-turn finds of a coturn.
my $coturn = Otter::Coturn->start(secrets => ['north']);
my $turn   = Otter::Companion->start('otter-turn', join "\n",
    'redis = ' . $hosts->redis->url, 'realm = otter', 'probe_interval = 1s',
    'secret_file = ' . write_private($hosts->redis->path('turn.secret'),
        "north\n"),
    'uri = turn:127.0.0.1:' . $coturn->port);

my $prometheus = Otter::Prometheus->start(targets =>
    [map { '127.0.0.1:' . $hosts->nginx($_)->port } 0, 1]);

my @peers = map { Otter::Peer->enter($hosts, $_, at => $_ eq 'bob') }
    qw(alice bob carol);


# Something of everything that is counted.

sub live () {
    state $n = 0;

    my $nginx = $hosts->nginx($n % 2);
    my $guest = Otter::Peer->enter($hosts, 'guest' . $n++, room => 'other');

    $peers[0]->message('hello') for 1 .. 100;
    $peers[0]->signal('nobody', 1);
    $guest->drop->resume;
    $guest->leave;

    $nginx->http->get('no-such-path');
    $nginx->http->post('token', { room => 'den' },
        bearer => $nginx->api_key);

    Otter::Socket->poll(0, map { $_->ws->socket } @peers);
    $_->pending for @peers;
}


sub queries ($panels) {
    return map { map { $_->{expr} } @{ $_->{targets} // [] } } @$panels;
}


open my $file, '<', "$root/conf.d/grafana/otter.json" or die "dashboard: $!";
my $dashboard = from_json(join '', <$file>);
my @queries   = queries($dashboard->{panels});

cmp_ok(scalar @queries, '>', 20, 'there are queries');

for my $query (@queries) {
    my $expression = $query =~ s/\$instance\b/.*/gr;

    $expression =~ s/\$__rate_interval\b/5s/g;

    my $has = eventually(30, sub {
        live();

        # 0 / 0 is no data.
        return grep { $_->{value}[1] ne 'NaN' }
            $prometheus->query($expression);
    });

    ok($has, $query);
}

my @rules = $prometheus->rules;

cmp_ok(scalar @rules, '>', 5, 'there are rules');
is($_->{health}, 'ok', "$_->{name} can be evaluated") for @rules;
is_deeply([map { $_->{state} } @rules], [map { 'inactive' } @rules],
    'nothing is wrong');

# Each metric is on the dashboard, or in a rule.
my $text = join '', @queries, map { $_->{query} } @rules;
my %metric = map { $_ => 1 }
    Otter::Status::metrics($hosts->nginx(0)) =~ /^# TYPE (\w+)/mg;

is_deeply([grep { $text !~ /\b$_/ } sort keys %metric], [],
    'no metric is forgotten');


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# otter_token_ttl is the life of a token, otter_token_max_ttl what a caller
# may ask for.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }],
    server   => 'otter_token_ttl 10m; otter_token_max_ttl 2h;',
);

my @cases = (
    [undef, 600,  'the default of the configuration'],
    [1,     1,    'the shortest'],
    [60,    60,   'less than the default'],
    [7199,  7199, 'just below the most'],
    [7200,  7200, 'the most'],
    [7201,  7200, 'more than the most is cut'],
    [1e9,   7200, 'much more as well'],
);

for my $case (@cases) {
    my ($ttl, $life, $name) = @$case;

    my $answer = $nginx->http->post('token',
        { room => 'den', $ttl ? (ttl => 0 + $ttl) : () },
        bearer => $nginx->api_key)->json;

    is_time($answer->{expires_at}, time + $life, 3, $name);
}

for my $ttl (0, -1, 1.5, '60', true, []) {
    my $response = $nginx->http->post('token', { room => 'den', ttl => $ttl },
        bearer => $nginx->api_key);

    is($response->status, 400, 'refused: ' . to_json($ttl));
}


done_testing;

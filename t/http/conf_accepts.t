use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# Every directive is taken where the contract says it may stand.

my $common = <<~'CONF';
    otter_signaling on;
    otter_token_ttl 30m;
    otter_token_max_ttl 12h;
    otter_guests on;
    otter_turn_uri stun:stun.example turn:turn.example:3478?transport=udp
                   turns:turn.example:443?transport=tcp stuns:[::1]:5349;
    otter_turn_ttl 2h;
    otter_allowed_origins https://a.example http://b.example:8080;
    otter_max_peers 12;
    otter_max_message_size 128k;
    otter_send_buffer 1m;
    otter_message_rate 50;
    otter_ping_interval 20s;
    otter_ping_timeout 5s;
    otter_resume_timeout 1m;
    otter_deflate off;
    otter_echo on;
    otter_web_root off;
    CONF

my $files = <<~'CONF';
    otter_api_keys_file %prefix%/keys.json;
    otter_jwt_key_file %prefix%/jwt.json;
    otter_turn_secret_file %prefix%/turn.secret;
    CONF

my %place = (
    server => { server => "otter_prefix /o/;\n$common" },
    http   => { http => "otter_zone rooms:16m; otter_turn_health_file health;\n"
            . $common . $files },
);

for my $name (sort keys %place) {
    my $check = Otter::Nginx->check(
        mount        => '',
        api_keys     => [{ id => 'main' }],
        turn_secrets => ['north'],
        %{ $place{$name} },
    );

    ok($check->{ok}, "all of them in $name") || diag($check->{output});
}


done_testing;

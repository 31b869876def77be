use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A value that makes no sense fails "nginx -t" with file, line and reason.

my @wrong = (
    'otter_signaling;',
    'otter_signaling yes;',
    'otter_signaling on on;',
    'otter_prefix otter/;',
    'otter_prefix /otter;',
    'otter_prefix;',
    'otter_prefix /a/; otter_prefix /b/;',
    'otter_token_ttl x;',
    'otter_token_ttl 0;',
    'otter_token_max_ttl -1;',
    'otter_guests maybe;',
    'otter_turn_uri http://turn.example;',
    'otter_turn_uri turn:;',
    'otter_turn_uri;',
    'otter_turn_ttl soon;',
    'otter_max_peers 0;',
    'otter_max_peers many;',
    'otter_max_peers -1;',
    'otter_max_message_size 0;',
    'otter_max_message_size big;',
    'otter_send_buffer 0;',
    'otter_send_buffer x;',
    'otter_message_rate 0;',
    'otter_message_rate fast;',
    'otter_ping_interval 0;',
    'otter_ping_interval x;',
    'otter_ping_timeout 0;',
    'otter_ping_timeout x;',
    'otter_resume_timeout x;',
    'otter_deflate 1;',
    'otter_web_root nowhere;',
    'otter_web_root %prefix%;',
    'otter_echo 1;',
    'otter_logo logo.svg;',
    'otter_logo //elsewhere.example/logo.svg;',
    'otter_logo /a\tb;',
    'otter_stylesheet https://elsewhere.example/x.css;',
    'otter_stylesheet /a.css; otter_stylesheet /b.css;',
    'otter_allowed_origins;',
    'otter_allowed_origins example.com;',
    'otter_allowed_origins https://example.com/path;',
    'otter_api_keys_file %prefix%/missing.json;',
    'otter_api_keys_file %prefix%/broken.json;',
    'otter_jwt_key_file %prefix%/missing.json;',
    'otter_jwt_key_file %prefix%/broken.json;',
    'otter_jwt_key_file %prefix%;',
    'otter_turn_secret_file %prefix%/missing;',
    'otter_turn_secret_file %prefix%/empty;',
    'otter_zone otter:1m;',
);

for my $directive (@wrong) {
    my ($ok, $line, $output) = tried(server => "\n$directive\n");

    ok(!$ok, "refused: $directive");
    like($output, qr{/nginx\.conf:$line\b}, 'with file and line')
        || diag($output);
    like($output, qr/\[emerg\] (?!\S* directive is not allowed here$)\S.*\S/,
        'and a reason');
}

my @wrong_in_http = (
    'otter_zone otter;',
    'otter_zone otter:;',
    'otter_zone :32m;',
    'otter_zone otter:1k;',
    'otter_zone otter:x;',
    'otter_zone otter:32m; otter_zone otter:32m;',
    'otter_prefix /otter/;',
    'otter_redis_prefix "";',
    'otter_redis_prefix "' . 'p' x 65 . '";',
);

for my $directive (@wrong_in_http) {
    my ($ok, $line, $output) = tried(http => "\n$directive\n");

    ok(!$ok, "refused in http: $directive");
    like($output, qr{/nginx\.conf:$line\b}, 'with file and line')
        || diag($output);
}


sub tried ($where, $text) {
    my $check = Otter::Nginx->check(
        keys    => [],
        secrets => { 'broken.json' => '{"keys":', 'empty' => '' },
        $where  => $text,
    );

    my ($name)   = $text =~ /(\w+)/;
    my ($before) = $check->{conf} =~ /^(.*?)^[ ]*$name\b(?! on;$)/ms;

    return ($check->{ok}, $before =~ tr/\n// + 1, $check->{output});
}


done_testing;

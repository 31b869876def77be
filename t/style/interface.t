# Every row of the public interface, and the tests named after it: directives,
# calls, pages, messages of the socket, close codes, variables and commands.  The
# lists on the left are complete: they are compared with the documents and
# the sources.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Contract qw(document);
use Otter::Source qw(content files none root);

my %directives = (
    otter_signaling         => 'http/mount_one_line http/mount_off',
    otter_prefix            => 'http/mount_prefix',
    otter_zone              => 'http/conf_accepts lifecycle/zone_exhausted',
    otter_redis             => 'hosts/signals http/conf_errors',
    otter_redis_prefix      => 'hosts/prefix',
    otter_api_keys_file     => 'http/token_bad_key http/token_key_revoked',
    otter_jwt_key_file      => 'security/token_first_key_signs',
    otter_token_ttl         => 'http/token_ttl',
    otter_token_max_ttl     => 'http/token_ttl',
    otter_guests            => 'http/token_guest http/token_guests_off',
    otter_turn_uri          => 'http/ice_servers http/ice_servers_variables',
    otter_turn_secret_file  => 'http/ice_servers http/turn_rest',
    otter_turn_ttl          => 'http/turn_rest',
    otter_allowed_origins   => 'http/cors ws/handshake_origin',
    otter_max_peers         => 'ws/handshake_room_full',
    otter_max_message_size  => 'ws/frame_too_big',
    otter_send_buffer       => 'ws/slow_reader',
    otter_message_rate      => 'ws/message_rate',
    otter_ping_interval     => 'ws/pong_timeout',
    otter_ping_timeout      => 'ws/pong_timeout',
    otter_resume_timeout    => 'ws/peer_left_timeout',
    otter_deflate           => 'ws/deflate',
    otter_echo              => 'ws/echo ws/echo_off',
    otter_web_root          => 'http/web_pages http/web_root_off',
    otter_logo              => 'http/web_site',
    otter_stylesheet        => 'http/web_site',
    otter_status            => 'status/promtool status/counts',
    otter_turn_health_file  => 'turn/failing_server',
);

my %calls = (
    'POST /token'        => 'http/token_shape http/token_bad_body',
    'GET /session'       => 'http/session_claims http/session_problem',
    'GET /ice-servers'   => 'http/ice_servers http/ice_servers_link',
    'GET /turn'          => 'http/turn_rest',
    'POST /rooms'        => 'http/rooms_create http/rooms_create_bad_body',
    'GET /rooms'         => 'http/rooms_list',
    'GET /rooms/{room}'  => 'http/rooms_get',
    'PATCH /rooms/{room}'  => 'http/rooms_patch http/rooms_patch_refused',
    'DELETE /rooms/{room}' => 'http/rooms_delete http/rooms_delete_moderator',
    'DELETE /rooms/{room}/peers/{peer}' => 'http/rooms_peers_delete ws/kick_token',
    'POST /rooms/{room}/messages'       => 'http/rooms_messages',
    'GET /health'        => 'http/health',
    'GET /status'        => 'http/status_key',
    'GET /jwks.json'     => 'http/jwks',
    'GET /ws'            => 'ws/handshake ws/handshake_refused',
    'GET /echo'          => 'ws/echo',
);

my %pages = (
    ' '                 => 'http/web_pages',
    'room/{room}'       => 'http/web_pages http/not_found',
    'check'             => 'http/web_pages',
    'admin'             => 'http/web_pages',
    'assets/…'          => 'http/web_assets',
    'sdk/otter.js'      => 'http/web_assets',
    'sdk/otter-call.js' => 'http/web_assets',
);

my %messages = (
    'server.welcome'      => 'ws/welcome',
    'server.peer-joined'  => 'ws/peer_joined',
    'server.peer-left'    => 'ws/peer_left ws/peer_left_timeout',
    'server.peer-updated' => 'ws/update',
    'server.peer-away'    => 'ws/resume',
    'server.peer-back'    => 'ws/resume',
    'server.signal'       => 'ws/signal ws/data_byte_for_byte',
    'server.message'      => 'ws/message',
    'server.room-updated' => 'ws/room ws/room_status http/rooms_patch',
    'server.ice-servers'  => 'ws/ice_servers',
    'server.lobby'        => 'ws/lobby_learns_nothing',
    'server.knock'        => 'ws/lobby_admit',
    'server.admitted'     => 'ws/lobby_admit',
    'server.error'        => 'ws/bad_message ws/signal_no_such_peer',
    'server.resync'       => 'ws/resume_resync',
    'server.bye'          => 'lifecycle/reload_tells',
    'client.signal'       => 'ws/signal ws/signal_other_room',
    'client.message'      => 'ws/message',
    'client.update'       => 'ws/update',
    'client.ack'          => 'ws/ack',
    'client.token'        => 'ws/token_refresh',
    'client.kick'         => 'ws/kick',
    'client.admit'        => 'ws/lobby_admit',
    'client.deny'         => 'ws/lobby_deny ws/lobby_denied',
    'client.room'         => 'ws/room',
    'client.leave'        => 'ws/peer_left',
);

# A host that loses Redis keeps its peers; 4503 is for those whom the local bus
# has lost.

my %closes = (
    1000 => 'ws/peer_left',
    1001 => 'ws/frame_close',
    1002 => 'ws/frame_refused',
    1003 => 'ws/frame_binary',
    1007 => 'ws/frame_utf8',
    1009 => 'ws/frame_too_big',
    1012 => 'lifecycle/reload_tells',
    4401 => 'ws/token_expires',
    4403 => 'ws/kick',
    4404 => 'http/rooms_delete',
    4408 => 'ws/pong_timeout',
    4409 => 'ws/replaced',
    4413 => 'ws/slow_reader',
    4429 => 'ws/message_rate',
    4503 => 'bus/member_lost hosts/redis_away',
);

my %variables = map { $_ => "http/variables" } qw(otter_room otter_peer
    otter_identity otter_session otter_close_code otter_messages_in
    otter_messages_out otter_key);

my %commands = (
    'key create'  => 'otter/key_create otter/key_accepted',
    'key list'    => 'otter/key_list',
    'key revoke'  => 'otter/key_revoke',
    'key rotate'  => 'otter/key_rotate',
    'secret new'  => 'otter/secret_new',
    'secret list' => 'otter/secret_list',
    'token'       => 'otter/token otter/token_accepted',
    'check'       => 'otter/check_nginx otter/check_turn',
    'status'      => 'otter/status',
    'rooms'       => 'otter/rooms',
    'peers'       => 'otter/rooms',
    'kick'        => 'otter/kick',
    'top'         => 'otter/top otter/top_terminal',
    'usage'       => 'reaper/usage',
    'webhooks list'   => 'webhooks/dead_letters',
    'webhooks retry'  => 'webhooks/dead_letters',
    'webhooks enable' => 'webhooks/dead_letters',
    'secret rotate'   => 'otter/secret_rotate',
    'up'          => 'run/up_down',
    'down'        => 'run/up_down',
);


# Each name of the list has a row, and each test of its row is there.

sub covered ($what, $rows, @names) {
    my %seen;

    @names = sort grep { !$seen{$_}++ } @names;

    cmp_ok(scalar @names, '>', 5, "$what: there are some");
    none("$what: each has its row", grep { !$rows->{$_} } @names);

    none("$what: each test is there",
         map { my $row = $_;
               map { "$row: t/$_.t" } grep { !-f root() . "/t/$_.t" }
                   split / /, $rows->{$row} // '' } @names);
}


my $source = join '', map { content($_) } files('ngx_otter_module/http/*.c');
my $openapi = document('openapi')->{paths};

covered('directives', \%directives,
        $source =~ /\{ ngx_string\("(otter_\w+)"\),\n/g);

covered('calls', \%calls, map {
    my $path = $_;
    map { uc($_) . " $path" } grep { $_ ne 'parameters' }
        keys %{ $openapi->{$path} };
} keys %$openapi);

my ($pages) = content('docs/http-api.md') =~ /^\| (.*?) \|.* the web app /m;

covered('pages', \%pages, $pages =~ /`([^`]+)`/g);

covered('messages', \%messages,
        keys %{ document('asyncapi')->{components}{messages} });

covered('close codes', \%closes,
        map { /(\d{4})/g } content('docs/signaling.md')
            =~ /^(?=\| \d{4})\| ([\d, ]+) \|/mg);

covered('variables', \%variables,
        content('docs/configuration.md') =~ /`\$(otter_\w+)`/g);

covered('commands', \%commands,
        map { s/\n//gr } content('workers/otter/otter.1')
            =~ /^\.Nm\n\.Cm ([a-z ]+)$/mg);

done_testing();

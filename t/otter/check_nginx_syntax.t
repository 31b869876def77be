use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Quotes, comments, escapes, braces and Lua are read as nginx reads them.

my $conf = put('nginx.conf', <<'CONF');
# otter_api_keys_file comment.json;
http {
    log_format a '# {"a":"$b"} otter_api_keys_file quoted.json;' "\"; }";
    map $uri $x { "~^/[a-z]{3}$" '1'; default ${uri}; }
    content_by_lua_block {
        -- don't { } stop here;
        otter_api_keys_file lua.json;
    }
    server{otter_signaling on;otter_api_keys_file/*no*/;
        otter_api_keys_file
            # on a line of its own
            "with \"quotes\" and blank.json"  ;
        otter_jwt_key_file 'it\'s.json';otter_turn_secret_file back\\slash;
        location ~ a#b$ { otter_status; }
        otter_turn_uri "stun:127.0.0.1:1"
            nonsense:x;
    }
}
CONF

my $report = json_of(otter(qw(check --json --nginx-conf), $conf));

my @missing = map { $_->{subject} =~ s{.*/}{}r }
    finding($report, 'problem', qr/\Ait is not there\z/);

is_deeply([sort @missing],
    [sort 'with "quotes" and blank.json', "it's.json", 'back\\slash'],
    'the files named, and no others');
is(finding($report, 'ok', qr/directives/)->{message}, '7 directives of Otter',
    'the directives, and no others');
like(finding($report, 'problem', qr/no URI/)->{message},
    qr/"nonsense:x" in line 15/, 'lines are counted');

done_testing();

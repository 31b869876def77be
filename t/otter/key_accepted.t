use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Otter::Test;

# nginx takes the keys that the command made, within their rights, until they
# are revoked.

use Otter::Cli;

my $path = file_in('keys.json');

my $all  = otter_json(qw(key create --file), $path)->{key};
my $team = otter_json(qw(key create --rooms team-* --scopes token --id team),
    '--file', $path)->{key};
my $gone = otter_json(qw(key create --id gone --file), $path)->{key};

otter_json(qw(key revoke gone --file), $path);

my $nginx = Otter::Nginx->start(
    secrets => { 'cli.json' => slurp($path) },
    server  => 'otter_api_keys_file %prefix%/cli.json;',
);

sub status ($key, $room) {
    return $nginx->http->post('token', { room => $room }, bearer => $key)
        ->status;
}

is(status($all, 'den'), 200, 'a key for everything');
is(status($team, 'team-a'), 200, 'a key for a room of its pattern');
is(status($team, 'den'), 403, 'but for no other');
is(status($gone, 'den'), 401, 'no key that was revoked');


done_testing;

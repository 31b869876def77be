use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The first line of otter_turn_secret_file signs.

use Digest::SHA qw(hmac_sha1_base64);

my $nginx = Otter::Nginx->start(
    turn_secrets => ['first', 'second'],
    server       => 'otter_turn_uri turn:127.0.0.1:3478;',
);

my ($server) = @{ $nginx->http->get('ice-servers',
    bearer => mint($nginx->key))->json->{ice_servers} };

is($server->{credential}, hmac_sha1_base64($server->{username}, 'first') . '=',
    'the credential');


done_testing;

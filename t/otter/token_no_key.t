use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(to_json);
use Otter::Key;

# Nothing is signed with a public key, with a file that is not there, or with
# one that everyone may read.

my $es = Otter::Key->es256('es');

sub token_with ($path) {
    return otter(qw(token --room den --identity alice --secret-file), $path);
}

my $result = token_with(put('public.json',
    to_json({ keys => [$es->public_jwk] })));

is($result->{exit}, 1, 'a public key is refused');
like($result->{stderr}, qr/no private key/, 'with the reason');

$result = token_with(file_in('none.json'));

is($result->{exit}, 1, 'a file that is not there');
like($result->{stderr}, qr/none\.json: No such file/, 'with the reason');

my $path = put('open.json', to_json({ keys => [$es->jwk] }), 0604);

$result = token_with($path);

is($result->{exit}, 1, 'a file that everyone may read');
like($result->{stderr}, qr/chmod 600 \Q$path/, 'with the remedy');

chmod 0640, $path;

is(token_with($path)->{exit}, 0, 'that of a group may be read');

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A followed file that is broken or gone changes nothing but the log, which
# gets one error a change; when it is mended it counts again.

use Otter::Keys qw(create_api_key write_private);

my $nginx = Otter::Nginx->start(workers => 2, api_keys => [{ id => 'main' }]);
my $path  = $nginx->path('keys.json');
my $good  = $nginx->read('keys.json');

sub errors () {
    return scalar(my @all = $nginx->error_log =~ /\[error\].*keys\.json/g);
}

sub status ($key) {
    return $nginx->http->post('token', { room => 'den' }, bearer => $key)
        ->status;
}

my $seen = 0;

sub breaks ($name, $reason) {
    $seen++;

    ok(eventually(5, sub { errors() >= $seen }), "$name: an error");
    like($nginx->error_log,
        qr/.*\[error\].*"\Q$path\E" can't be used: .*$reason.*\n\z/,
        "$name: with the reason");
    is(status($nginx->api_key), 200, "$name: the last good keys go on");
}

write_private($path, '{"keys":[{"id":"top-secret-id"');
breaks('cut short', qr/not valid JSON/);

write_private($path, '{"keys":[{"id":"a","hash":"0"}]}');
breaks('not what it should be', qr/64 hex digits/);

write_private($path, '');
breaks('empty', qr/empty/);

unlink $path;
breaks('gone', qr/No such file/);

write_private($path, $good, 0644);
breaks('open to all', qr/chmod 600/);

unlink $path;
write_private($path, $good);

my $more = create_api_key($path, id => 'more');

ok(eventually(3, sub { status($more) == 200 }), 'mended: it counts again');
is(status($nginx->api_key), 200, 'mended: the first key too');
is(errors(), $seen, 'one error a change');
unlike($nginx->error_log, qr/top-secret/, 'nothing of the file is in the log');


done_testing;

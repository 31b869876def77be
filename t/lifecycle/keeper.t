use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# The keeper process: one of each configuration, with no port and no log, deaf
# to the signals of others, and gone when its master is.

use Otter::Keys qw(create_api_key);
use Otter::Proc;

my $nginx = Otter::Nginx->start(workers => 2, api_keys => [{ id => 'main' }]);

sub status ($key) {
    return $nginx->http->post('token', { room => 'den' }, bearer => $key)
        ->status;
}

ok(eventually(3, sub { $nginx->keeper_pids == 1 }), 'there is one');

my ($first) = $nginx->keeper_pids;

ok(eventually(3, sub { Otter::Proc::open_files($first) == 4 }),
    'it holds four descriptors');

my @held = map { readlink // () } glob "/proc/$first/fd/*";

is(scalar(grep { $_ eq '/dev/null' } @held), 3, 'three are /dev/null');
is(scalar(grep { /^socket:/ } @held), 1, 'one is a socket');

kill $_ => $first for qw(HUP INT QUIT TERM USR1 USR2 ALRM WINCH PIPE);

$nginx->reload;

ok(eventually(5, sub {
    my @now = $nginx->keeper_pids;

    return @now == 1 && $now[0] != $first;
}), 'a reload puts another in its place');

my $key = create_api_key($nginx->path('keys.json'), id => 'later');

ok(eventually(2, sub { status($key) == 200 }), 'which follows the files');

my ($second) = $nginx->keeper_pids;

kill $_ => $second for qw(HUP INT QUIT TERM USR1 USR2);

$key = create_api_key($nginx->path('keys.json'), id => 'latest');

ok(eventually(2, sub { status($key) == 200 }), 'signals do not end it');
is_deeply([$nginx->keeper_pids], [$second], 'it is still the same');

my $killed = Otter::Nginx->start(api_keys => [{ id => 'main' }]);
my @workers = $killed->worker_pids;

ok(eventually(3, sub { $killed->keeper_pids == 1 }), 'another nginx has one');

$killed->signal('KILL');

ok(eventually(3, sub { $killed->keeper_pids == 0 }),
    'it ends when the master is killed');

kill KILL => @workers;

my $none = Otter::Nginx->start(keys => []);

is(scalar($none->keeper_pids), 0, 'without files there is none');

my $single = Otter::Nginx->start(api_keys => [{ id => 'main' }], workers => 0,
    main => 'master_process off;');

ok(eventually(3, sub { $single->keeper_pids == 1 }),
    'a single process has one');

$key = create_api_key($single->path('keys.json'), id => 'later');

sub single_status () {
    return $single->http->post('token', { room => 'den' }, bearer => $key)
        ->status;
}

ok(eventually(2, sub { single_status() == 200 }), 'and follows its files');


done_testing;

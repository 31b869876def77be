use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json to_json);
use Otter::Key;
use Otter::Token qw(header_of);
use Time::Local qw(timegm_modern);

# A rotation: the new key waits, the old one gets an end, others stay.

my $path = file_in('jwt.json');

sub keys_of () {
    return @{ from_json(slurp($path))->{keys} };
}

sub signs () {
    my $token = otter_json(qw(token --room den --identity a --secret-file),
        $path)->{token};

    return header_of($token)->{kid};
}

sub epoch ($time) {
    my @part = $time =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)Z$/ or return 0;

    return timegm_modern(@part[5, 4, 3, 2], $part[1] - 1, $part[0]);
}

my $first = otter_json(qw(secret rotate --kid one --alg ES256 --file), $path);

is($first->{kid}, 'one', 'of no file the first key is made');
is($first->{alg}, 'ES256', 'with the algorithm that is asked for');
is(signs(), 'one', 'and signs at once');

my $other = otter_json(qw(secret new --kid other --file), $path);

$_ = from_json(slurp($path));
@{ $_->{keys} } = reverse @{ $_->{keys} };
put('jwt.json', to_json($_));

my $now    = time;
my $second = otter_json(qw(secret rotate --kid two --delay 100 --overlap 1h
    --file), $path);

is($second->{alg}, 'ES256', 'the next key has the algorithm of the first');
cmp_ok(abs(epoch($second->{signs_from}) - $now - 100), '<=', 5,
    'it signs after the delay');
is($second->{retires}{kid}, 'one', 'the first key is to retire');
cmp_ok(abs(epoch($second->{retires}{verifies_until}) - $now - 100 - 3600
    - 60), '<=', 5, 'once its last token has ended, and a minute');
is(signs(), 'one', 'until then it signs');

my ($two, $one, $rest) = keys_of();

is($two->{kid}, 'two', 'the new key stands first');
is($two->{otter_signs_from}, $second->{signs_from}, 'with its time');
is($one->{otter_verifies_until}, $second->{retires}{verifies_until},
    'the old one with its end');
is($rest->{kid}, 'other', 'another private key stays');
ok(!exists $rest->{otter_verifies_until}, 'as it is');

my $list = otter_json(qw(secret list --file), $path)->{keys};

is_deeply([map { "$_->{kid} $_->{use}" } @$list],
    ['two next', 'one signs', 'other verifies'], 'the list tells them apart');

my $before = slurp($path);
my $again  = otter(qw(secret rotate --file), $path);

is($again->{exit}, 1, 'no second rotation before the first is done');
like($again->{stderr}, qr/"two" signs from/, 'with the reason');
is(slurp($path), $before, 'nothing is changed');

my $young = otter_json(qw(secret rotate --if-older-than 1d --file), $path);

ok(!$young->{rotated}, 'a young key is left alone');
is(slurp($path), $before, 'nothing is changed either');


# Long afterwards, as the times in the file have it.

my $set = from_json(slurp($path));

$set->{keys}[0]{otter_signs_from}     = '2020-01-02T00:00:00Z';
$set->{keys}[0]{otter_created_at}     = '2020-01-01T00:00:00Z';
$set->{keys}[1]{otter_verifies_until} = '2020-01-03T00:00:00Z';
put('jwt.json', to_json($set));

is(signs(), 'two', 'the new key signs when its time has come');

my $third = otter_json(qw(secret rotate --kid three --if-older-than 1d
    --file), $path);

ok($third->{rotated}, 'a key that is old enough is rotated');
is_deeply([map { $_->{kid} } keys_of()], [qw(three two other)],
    'a key that has retired is taken out');

is(otter('secret', 'rotate')->{exit}, 2, 'without a file it is misused');
is(otter(qw(secret rotate --delay x --file), $path)->{exit}, 2,
    'and with a bad delay');
is(otter(qw(secret rotate --alg none --file), $path)->{exit}, 2,
    'and with an unknown algorithm');

done_testing();

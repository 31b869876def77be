use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# The findings in JSON, with level, subject, message and remedy.

put('jwt.json', '');
otter_json(qw(secret new --kid mine --file), file_in('jwt.json'));

my $report = otter_json(qw(check --jwt-keys), file_in('jwt.json'));

is_deeply($report, {
    ok       => JSON::PP::true,
    problems => 0,
    warnings => 0,
    findings => [{
        level   => 'ok',
        subject => file_in('jwt.json'),
        message => 'tokens are signed with the key "mine"',
    }],
}, 'when all is well');

my $result = otter(qw(check --json --jwt-keys), file_in('none.json'));

is($result->{exit}, 1, 'the exit status tells a problem');
is($result->{stderr}, '', 'nothing is said');
is_deeply(json_of($result), {
    ok       => JSON::PP::false,
    problems => 1,
    warnings => 0,
    findings => [{
        level   => 'problem',
        subject => file_in('none.json'),
        message => 'it is not there',
        remedy  => 'Run: otter secret new --file ' . file_in('none.json'),
    }],
}, 'when it is not');

done_testing();

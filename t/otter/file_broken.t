use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A file that Otter would not read is not touched.

my %broken = (
    'no JSON'         => '{"keys":[',
    'another object'  => '{"key":[]}',
    'an array'        => '[]',
    'keys no array'   => '{"keys":{}}',
    'a member twice'  => '{"keys":[],"keys":[]}',
    'a key unusable'  => '{"keys":[{"id":"a_b"}]}',
    'a lone bracket'  => ']',
);

for my $name (sort keys %broken) {
    my $path = put('broken.json', $broken{$name});

    for my $command (['key', 'create'], ['key', 'revoke', 'a'],
        ['secret', 'new'])
    {
        my $result = otter(@$command, '--file', $path);

        is($result->{exit}, 1, "$name: otter @$command is refused");
        like($result->{stderr}, qr/\Q$path\E: ./, 'with the reason');
    }

    is(slurp($path), $broken{$name}, 'the file is as before');
}

is_deeply([left_in(folder())], ['broken.json'], 'nothing else was left');

done_testing();

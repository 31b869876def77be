use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Token qw(claims_of);
use Time::Local qw(timegm_modern);

# Name, role, life and metadata are those asked for.

my $path = file_in('jwt.json');

otter_json(qw(secret new --file), $path);

my $answer = otter_json(qw(token --room den --identity alice --role moderator
    --ttl 10m --secret-file), $path, '--name', "Al\xc3\xafce \"A\"",
    '--metadata', '{ "b" : [1, {}], "a": "x" }');

is_deeply([sort keys %$answer], [qw(expires_at token)], 'token and end');

my $claims = claims_of($answer->{token});

is($claims->{name}, "Al\x{ef}ce \"A\"", 'its name');
is($claims->{role}, 'moderator', 'its role');
is($claims->{exp} - $claims->{iat}, 600, 'its life');
is_deeply($claims->{metadata}, { a => 'x', b => [1, {}] }, 'its metadata');

my @part = $answer->{expires_at}
    =~ /\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\z/;

is(timegm_modern(@part[5, 4, 3, 2], $part[1] - 1, $part[0]), $claims->{exp},
    'its end is told');

done_testing();

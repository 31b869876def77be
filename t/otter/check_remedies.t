use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(run);
use Otter::Paths qw($command);

# A remedy that is a command mends what it is given for.

local $ENV{PATH} = ($command =~ s{/[^/]+\z}{}r) . ":$ENV{PATH}";

my %option = (
    '--api-keys'    => file_in('keys.json'),
    '--jwt-keys'    => file_in('jwt.json'),
    '--turn-secret' => file_in('turn.secret'),
);

for my $option (sort keys %option) {
    my $path = $option{$option};

    for my $spoil (sub { }, sub { chmod 0666, $path },
        sub { put($path =~ s{.*/}{}r, '') })
    {
        $spoil->();

        my $result  = otter('check', '--json', $option, $path);
        my ($found) = finding(json_of($result), 'problem', qr/./);

        is($result->{exit}, 1, "$option: $found->{message}");

        # what is in brackets or behind the semicolon of chmod is for people
        my ($remedy) = $found->{remedy} =~ /\ARun: (.+?)(?:; and .*)?\z/;

        is(run('sh', '-c', $remedy)->{exit}, 0, $remedy);

        is(otter('check', $option, $path)->{exit}, 0, 'nothing is wrong now');
    }
}

done_testing();

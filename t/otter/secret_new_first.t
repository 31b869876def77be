use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Token qw(header_of);

# The newest key signs; the older ones stay, to verify.

my $path = file_in('jwt.json');

for my $kid (qw(one two three)) {
    otter_json(qw(secret new --kid), $kid, '--file', $path);

    my $token = otter_json(qw(token --room den --identity alice
        --secret-file), $path)->{token};

    is(header_of($token)->{kid}, $kid, "$kid signs");
}

is_deeply([map { $_->{kid} } @{ otter_json(qw(secret list --file),
    $path)->{keys} }], [qw(three two one)], 'all are there');

done_testing();

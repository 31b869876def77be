use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::JSON qw(from_json);
use Time::Local qw(timegm_modern);

# Rooms, scopes and life of a key are those asked for.

my $path = file_in('keys.json');

my %life = (
    '90'  => 90,
    '90s' => 90,
    '10m' => 600,
    '12h' => 12 * 3600,
    '30d' => 30 * 86400,
    '2w'  => 14 * 86400,
);

for my $text (sort keys %life) {
    my $before = time;
    my $id     = otter_json(qw(key create --rooms team-*), '--scopes',
        'turn,token,turn', '--expires-in', $text, '--file', $path)->{id};
    my $after = time;

    my ($entry) = grep { $_->{id} eq $id } @{ from_json(slurp($path))->{keys} };

    is($entry->{rooms}, 'team-*', 'its rooms');
    is_deeply($entry->{scopes}, [qw(turn token)], 'its scopes, each once');

    my @part = $entry->{expires_at}
        =~ /\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\z/;
    my $end = timegm_modern(@part[5, 4, 3, 2], $part[1] - 1, $part[0]);

    cmp_ok($end, '>=', $before + $life{$text}, "it lives for $text");
    cmp_ok($end, '<=', $after + $life{$text}, 'and no longer');
}

done_testing();

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# GET rooms lists the rooms, page by page.

my $nginx = Otter::Nginx->start(
    api_keys => [{ id => 'main' }, { id => 'team', rooms => 'team-*' }],
);

my $http = $nginx->http;
my %as   = (bearer => $nginx->api_key);

is_deeply($http->get('rooms', %as)->json->{rooms}, [], 'none yet');

my @names = ((map { sprintf 'room-%02d', $_ } 1 .. 20), 'team-a', 'team-b');

$http->post('rooms', { room => $_ }, %as) for @names;

is_deeply(listed(''), \@names, 'all of them');

for my $limit (1, 7, 22, 100) {
    is_deeply(listed("limit=$limit"), \@names, "in pages of $limit");
}

is_deeply(listed('', 'team'), [qw(team-a team-b)],
    'a key sees the rooms of its pattern');

is_problem($http->get("rooms?$_", %as), '400 bad-argument', $_)
    for qw(limit=0 limit=-1 limit=x limit= cursor=%00 cursor=no%20cursor);
is_problem($http->get('rooms'), '401 auth-required', 'not without a key');


sub listed ($query, $key = 'main') {
    my ($cursor, @seen);

    for (1 .. 30) {
        my $answer = $http->get('rooms?' . join('&', $query || (),
            defined $cursor ? "cursor=$cursor" : ()),
            bearer => $nginx->api_key($key))->json;

        push @seen, map { $_->{room} } @{ $answer->{rooms} };

        $cursor = $answer->{cursor} // last;
    }

    return [sort @seen];
}


done_testing;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# A text that is not UTF-8 closes with 1007, as soon as that is known.

my $nginx = Otter::Nginx->start;

my %bad = (
    'a lone continuation byte' => "\x80",
    'an invalid byte'          => "\xff",
    'overlong, two bytes'      => "\xc0\xaf",
    'overlong, three bytes'    => "\xe0\x80\xaf",
    'overlong, four bytes'     => "\xf0\x80\x80\xaf",
    'a surrogate'              => "\xed\xa0\x80",
    'beyond Unicode'           => "\xf4\x90\x80\x80",
    'five bytes'               => "\xf8\x88\x80\x80\x80",
    'cut short'                => "\xe2\x82",
);

for my $name (sort keys %bad) {
    my $alice = Otter::Peer->enter($nginx, 'alice');

    $alice->ws->send_text(qq({"type":"message","data":"$bad{$name}"}));
    is($alice->close_code, 1007, $name);
    $alice->drop;
}

my $alice = Otter::Peer->enter($nginx, 'alice');

$alice->ws->send_frame(payload => qq({"a":"\xed\xa0), fin => 0);
is($alice->close_code, 1007, 'in the first fragment already');

my $bob = Otter::Peer->enter($nginx, 'bob');

$bob->ws->send_fragments("{\"a\":\"\xe2", "\x82\x28\"}");
is($bob->close_code, 1007, 'across fragments');


done_testing;

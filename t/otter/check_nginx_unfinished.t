use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# A configuration that breaks off anywhere is read to its end.

my $text = <<'CONF';
http { a "b\"c" 'd' ${e} f\g; # h
    x_by_lua_block { { } } server { otter_signaling on;
    otter_turn_uri "stun:$a" turn:b?transport=udp; include "no*"; } }
CONF

for my $length (0 .. length $text) {
    my $conf   = put('nginx.conf', substr $text, 0, $length);
    my $result = otter(qw(check --json --nginx-conf), $conf);

    next if $result->{exit} == 1 && $result->{stdout} =~ /"findings"/;

    fail("$length bytes: exit $result->{exit}: $result->{stderr}");
}

pass('all beginnings');

put('nginx.conf', "http\0 { otter_signaling\0on; \xff\xfe }\0");

is(otter(qw(check --json --nginx-conf), file_in('nginx.conf'))->{exit}, 1,
    'and no text at all');

done_testing();

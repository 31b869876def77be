use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
use Otter::Command qw(output_of);
use Otter::Conf qw(free_port);
# The certificates that nginx.conf names: good, ending soon, ended, none.


sub make ($name, $days) {
    output_of(qw(openssl req -x509 -nodes -newkey rsa:2048 -subj
        /CN=localhost -days), $days, '-keyout', file_in("$name.key"), '-out',
        file_in("$name.crt"));
}


sub check ($certificate) {
    my $path = nginx_conf('otter_signaling on; otter_web_root off;
        otter_guests on; otter_turn_uri stun:127.0.0.1:1;
        ssl_certificate ' . $certificate . ';');

    return json_of(otter('check', '--nginx-conf', $path, '--json'));
}


make(good => 90);
make(soon => 3);
put('none.crt', "nothing\n");

# Of January 2020.
put('late.crt', <<'PEM');
-----BEGIN CERTIFICATE-----
MIIBDzCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcN
MjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATkhaPUW50xpOZvidFAgaPDHYiM
0g5aQ5o/Th/zwPEqmKUy6vKphCne0D3jSPwbZBZrUDSujbtxZBG1fIJ3TxF/MAoG
CCqGSM49BAMCA0gAMEUCIQD/xfnK/q/KNofQWGEUeWUCig0DEtJj7Lj7TanKatTv
dgIgBpfrEWT6TOwYR8w0UVchB0y0qdub7fLbubPW89rq4RA=
-----END CERTIFICATE-----
PEM

my $found = finding(check(file_in('good.crt')), 'ok', qr/certificate is good/);

is($found->{subject}, file_in('good.crt'), 'a good one');
like($found->{message}, qr/for 8\d|90 days/, 'for so long');

ok(finding(check('good.crt'), 'ok', qr/certificate is good/),
    'beside nginx.conf');

$found = finding(check(file_in('soon.crt')), 'warning', qr/ends in [23] days/);
like($found->{remedy}, qr/Renew it/, 'one that ends soon');

$found = finding(check(file_in('late.crt')), 'problem', qr/ended at 2020-02-01T/);
like($found->{remedy}, qr/Renew it/, 'one that has ended');

ok(finding(check(file_in('none.crt')), 'problem', qr/no certificate in it/),
    'what is none');
ok(finding(check(file_in('gone.crt')), 'problem', qr/cannot be read/),
    'what is not there');

is_deeply([finding(check('$ssl_server_name.crt'), 'problem',
    qr/certificate cannot be read|no certificate in it/)], [], 'a variable is nobody\'s mistake');

done_testing();

package Otter::JSON;

# JSON as the tests write and read it: UTF-8 bytes with the members in a fixed
# order.

use v5.36;

use Exporter 'import';
use JSON::PP ();

our @EXPORT_OK = qw(false from_json is_boolean to_json true);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;


sub to_json ($value)   { return $json->encode($value) }
sub from_json ($bytes) { return $json->decode($bytes) }

sub true ()  { return JSON::PP::true }
sub false () { return JSON::PP::false }


sub is_boolean ($value) {
    return JSON::PP::is_bool($value);
}


1;

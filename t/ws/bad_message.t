use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Test;

# What is no message is answered by an error, and not relayed.

my $nginx = Otter::Nginx->start;
my ($alice, $bob) = peers($nginx, qw(alice bob));

my $to   = $bob->id;
my $deep = '[' x 32 . ']' x 32;

my %bad = (
    'nothing'                => '',
    'a space'                => ' ',
    'a word'                 => 'hello',
    'a number'               => '1',
    'a string'               => '"message"',
    'null'                   => 'null',
    'an array'               => '[]',
    'an array of a message'  => '[{"type":"message","data":1}]',
    'an empty object'        => '{}',
    'half an object'         => '{"type":"message"',
    'half a string'          => '{"type":"mess',
    'a comma too many'       => '{"type":"message","data":1,}',
    'a comma too few'        => '{"type":"message" "data":1}',
    'a leading comma'        => '{,"type":"message","data":1}',
    'no colon'               => '{"type" "message","data":1}',
    'a name without quotes'  => '{type:"message","data":1}',
    'single quotes'          => q({'type':'message','data':1}),
    'a comment'              => '{"type":"message",/**/"data":1}',
    'something behind'       => '{"type":"message","data":1} x',
    'two messages'           => '{"type":"message","data":1}' x 2,
    'a byte order mark'      => "\xef\xbb\xbf" . '{"type":"message","data":1}',
    'another kind of space'  => "\xc2\xa0" . '{"type":"message","data":1}',
    'a vertical tab'         => "{\x0b\"type\":\"message\",\"data\":1}",
    'a zero byte'            => "{\"type\":\"message\",\"data\":1}\0",
    'a control character in a string' =>
        "{\"type\":\"message\",\"data\":\"\n\"}",
    'an unknown escape'      => '{"type":"message","data":"\x41"}',
    'half a Unicode escape'  => '{"type":"message","data":"\u00"}',
    'a bad number: 01'       => '{"type":"message","data":01}',
    'a bad number: +1'       => '{"type":"message","data":+1}',
    'a bad number: 1.'       => '{"type":"message","data":1.}',
    'a bad number: .5'       => '{"type":"message","data":.5}',
    'a bad number: 1e'       => '{"type":"message","data":1e}',
    'a bad number: -'        => '{"type":"message","data":-}',
    'a bad number: 0x1'      => '{"type":"message","data":0x1}',
    'NaN'                    => '{"type":"message","data":NaN}',
    'Infinity'               => '{"type":"message","data":Infinity}',
    'TRUE'                   => '{"type":"message","data":TRUE}',
    'nul'                    => '{"type":"message","data":nul}',
    'an error within data'   => '{"type":"message","data":{"a":[1,2,}}',
    'an error behind data'   => '{"type":"message","data":1,"x":tru}',
    'braces that do not match' => '{"type":"message","data":[}]}',
    'type twice'             => '{"type":"message","type":"leave","data":1}',
    'data twice'             => '{"type":"message","data":1,"data":2}',
    'a name twice, escaped'  => '{"type":"message","data":1,"d\u0061ta":2}',
    'an unknown name twice'  => '{"type":"message","data":1,"x":1,"x":1}',
    'too deep'               => qq({"type":"message","data":$deep}),
    'far too deep'           =>
        '{"type":"message","data":' . '[' x 20_000 . ']' x 20_000 . '}',
    'too deep elsewhere'     => qq({"type":"message","data":1,"x":$deep}),
    'no type'                => '{"data":1}',
    'type null'              => '{"type":null,"data":1}',
    'type a number'          => '{"type":1,"data":1}',
    'type an array'          => '{"type":["message"],"data":1}',
    'type empty'             => '{"type":"","data":1}',
    'an unknown type'        => '{"type":"shout","data":1}',
    'a type in capitals'     => '{"type":"MESSAGE","data":1}',
    'a type with more'       => '{"type":"messages","data":1}',
    'a type with a zero'     => '{"type":"message\u0000","data":1}',
    'a type of the server'   => '{"type":"welcome","data":1}',
    'a bye'                  => '{"type":"bye","reason":"x"}',
    'a message without data' => '{"type":"message"}',
    'a signal without data'  => qq({"type":"signal","to":"$to"}),
    'a signal without to'    => '{"type":"signal","data":1}',
    'to null'                => '{"type":"signal","to":null,"data":1}',
    'to a number'            => '{"type":"signal","to":1,"data":1}',
    'to an array'            => qq({"type":"signal","to":["$to"],"data":1}),
    'ack without seq'        => '{"type":"ack"}',
    'ack of a string'        => '{"type":"ack","seq":"1"}',
    'ack of a fraction'      => '{"type":"ack","seq":1.5}',
    'ack of less than 0'     => '{"type":"ack","seq":-1}',
);

for my $name (sort keys %bad) {
    $alice->send($bad{$name});

    my $error = $alice->expect('error');

    is($error->{code}, 'bad-message', $name);
    ok(length $error->{detail}, 'in words');
}

ok($_->is_quiet, 'nothing was relayed to ' . $_->identity) for $alice, $bob;


done_testing;

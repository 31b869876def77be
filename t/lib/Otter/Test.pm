package Otter::Test;

# What every test begins with: Test::More, the classes of this folder, and a
# done_testing that first ends each nginx and judges what it leaves.

use v5.36;

use Exporter 'import';
use Otter::JSON qw(false from_json is_boolean to_json true);
use Otter::Key;
use Otter::Nginx;
use Otter::Peer;
use Otter::Timing qw(eventually patience);
use Otter::Token qw(claims claims_of compact header_of mint mint_raw unsigned);
use Otter::WebSocket qw(frame);
use Test::More import =>
    [qw(cmp_ok diag fail is is_deeply isnt like note ok pass subtest unlike)];

our @EXPORT = (
    qw(claims claims_of compact done_testing epoch eventually false frame
        from_json has_members header_of is_boolean is_problem is_time mint
        mint_raw patience peers to_json true unsigned),
    qw(cmp_ok diag fail is is_deeply isnt like note ok pass subtest unlike),
);


sub done_testing () {
    Otter::Nginx->finish_all;

    Test::More::done_testing();
}


binmode $_, ':utf8' for map { Test::More->builder->$_ }
    qw(output failure_output);


# Joins a room one after the other; each knows of all when this returns.

sub peers ($nginx, @identities) {
    my %option = ref $identities[-1] ? %{ pop @identities } : ();
    my @peers;

    for my $identity (@identities) {
        my $peer = Otter::Peer->enter($nginx, $identity, %option);

        $_->expect('peer-joined') for @peers;
        push @peers, $peer;
    }

    return @peers;
}


# A problem document (RFC 9457): is_problem($response, '404 not-found', ...)
# gives the status and Otter's code; the code may be left out.

sub is_problem ($response, $expected, $name) {
    local $Test::Builder::Level = $Test::Builder::Level + 1;

    my ($status, $code) = split / /, $expected;

    return subtest($name => sub {
        is($response->status, $status, "status $status");
        is($response->content_type, 'application/problem+json', 'its type');

        my $problem = eval { $response->json } // {};

        is($problem->{status}, $status, 'the status in the document');
        ok(length $problem->{$_}, "a $_") for qw(title detail);
        like($problem->{code} // '', qr/^[a-z]+(?:[-_][a-z]+)*$/, 'a code');
        is($problem->{code}, $code, "the code is $code") if defined $code;
    });
}


# The members of an object, no more and no fewer.

sub has_members ($object, $members, $name) {
    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return is_deeply([sort keys %{ $object // {} }], [sort @$members], $name);
}


# Seconds since the epoch of a time as RFC 3339 writes it, in UTC.

sub epoch ($time) {
    my @part = ($time // '')
        =~ /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/
        or return;

    require Time::Local;

    return Time::Local::timegm_modern(@part[5, 4, 3, 2], $part[1] - 1,
        $part[0]);
}


sub is_time ($time, $expected, $tolerance, $name) {
    local $Test::Builder::Level = $Test::Builder::Level + 1;

    my $epoch = epoch($time);

    return ok(defined $epoch && abs($epoch - $expected) <= $tolerance, $name)
        || diag("got $time, expected about $expected");
}


1;

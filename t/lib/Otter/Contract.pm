package Otter::Contract;

# The OpenAPI and the AsyncAPI document, and what a server really says: a test
# gathers answers and messages, then has all of them validated.

use v5.36;

use Carp qw(croak);
use Exporter 'import';
use Otter::Command qw(output_of run);
use Otter::JSON qw(from_json to_json);
use Otter::Paths qw($root);
use Test::More ();

our @EXPORT_OK = qw(document validate_documents);


sub document ($name) {
    open my $file, '<:raw', "$root/docs/$name.json" or croak "$name: $!";
    local $/;

    return from_json(readline $file);
}


# Installs the validator with the first call.

sub _validate ($what, $input) {
    output_of('make', '-s', '-C', $root,
        't/api/node_modules/.package-lock.json');

    my $output = output_of({ stdin => $input }, 'node',
        "$root/t/api/validate.js", $what);

    return map { from_json($_) } split /\n/, $output;
}


# (openapi, asyncapi), each { valid, errors }

sub validate_documents () {
    return _validate('documents', '');
}


sub new ($class, $name) {
    return bless { name => $name, document => document($name), seen => [] },
        $class;
}


# Remembers a value that has to fit the schema at the pointer; fits => 0: that
# must not.

sub add ($self, $label, $pointer, $value, $fits = 1) {
    push @{ $self->{seen} }, {
        label => $label,
        fits  => $fits,
        line  => to_json({
            document => $self->{name},
            pointer  => $pointer,
            value    => $value,
        }),
    };
}


# An HTTP response to the call: its status and type have to be documented.

sub add_response ($self, $method, $path, $response) {
    my $call      = lc $method;
    my $label     = "$method $path: " . $response->status;
    my $operation = $self->{document}{paths}{$path}{$call}
        // croak "$method $path is not documented";
    my $found     = $operation->{responses}{ $response->status };

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    Test::More::ok($found, "$label is documented") or return;

    $self->{visited}{"$method $path"}{ $response->status } = 1;

    my $pointer = join '/', '', 'paths', _escape($path), $call, 'responses',
        $response->status;

    if ($found->{'$ref'}) {
        $pointer = $found->{'$ref'} =~ s/^#//r;
        $found   = $self->{document}{components}{responses}{
            $pointer =~ s{.*/}{}r };
    }

    if (!$found->{content}) {
        return Test::More::is($response->body, '', "$label has no body");
    }

    my ($type) = keys %{ $found->{content} };

    Test::More::is($response->content_type, $type, "$label has its type");
    $self->add($label, "$pointer/content/" . _escape($type) . '/schema',
        $response->json);

    for my $name (sort keys %{ $found->{headers} // {} }) {
        Test::More::ok(defined $response->header($name),
            "$label has $name");
    }
}


sub _escape ($name) {
    return $name =~ s/~/~0/gr =~ s{/}{~1}gr;
}


# What a call was answered: { status => 1 }.

sub visited ($self, $call) { return $self->{visited}{$call} // {} }


# A test for each value that was remembered.

sub validate ($self) {
    my @seen    = @{ $self->{seen} };
    my @results = _validate('values', join '', map { "$_->{line}\n" } @seen);

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    Test::More::is(scalar @results, scalar @seen, 'all were looked at');

    for my $seen (@seen) {
        my $result = shift @results;
        my $name   = $seen->{label} . ($seen->{fits} ? ' fits' : ' does not');

        Test::More::ok(!$result->{valid} == !$seen->{fits}, $name)
            || Test::More::diag("$seen->{line}\n" . to_json($result));
    }
}


1;

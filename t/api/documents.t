use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Otter::Contract qw(document validate_documents);
use Otter::Source qw(content files);
use Test::More;

# The documents are well formed, and name every call, code and message that
# the sources have.

my ($openapi, $asyncapi) = validate_documents();

ok($openapi->{valid}, 'OpenAPI 3.1') || diag(explain($openapi->{errors}));
ok($asyncapi->{valid}, 'AsyncAPI 3.0') || diag(explain($asyncapi->{errors}));

my $api    = document('openapi');
my $socket = document('asyncapi');
my $status = content('ngx_otter_module/http/ngx_http_otter_status_metrics.c');
my ($list) = $status =~ /ngx_http_otter_refusals\[.*?\] = \{\n(.*?)\n\};/s;

my %code = map { $_ => 1 }
    @{ $api->{components}{schemas}{Problem}{properties}{code}{enum} };

# What nginx refuses by itself has a page of nginx.
my %nginx = map { $_ => 1 } qw(limit-conn limit-req request-timeout);

is_deeply([grep { !$code{$_} && !$nginx{$_} } $list =~ /"([^"]+)"/g], [],
    'the codes of problems');

my %of;
my $responses = $api->{components}{responses};

for my $name (keys %$responses) {
    my $schema = $responses->{$name}{content}{'application/problem+json'}
        {schema}{allOf}[1]{properties};

    $of{$_}++ for @{ $schema->{code}{enum} };
}

is_deeply([sort keys %of], [sort keys %code], 'each belongs to a status');

# Messages: all types of the sources are there.

my $envelope = content('ngx_otter_module/core/otter_envelope.c');
my $events   = join '', map { content($_) }
    files('ngx_otter_module/event/*.c');
my $messages = $socket->{components}{messages};

is($messages->{$_}{payload}{properties}{type}{const}, $messages->{$_}{name},
    "$_ has its name") for sort keys %$messages;

my @server = ($events =~ /\\"type\\":\\"([a-z-]+)\\"/g,
    $events =~ /_tell(?:_peer)?\(\w+, "([a-z-]+)"/g);

cmp_ok(scalar @server, '>', 8, 'types that a server sends');
ok($messages->{"server.$_"}, "the server's $_") for @server;

my %client = map { $messages->{$_}{name} => 1 }
    grep { /^client/ } keys %$messages;
my ($types) = $envelope =~ /otter_type_rules\[.*?\] = \{(.*?)\};/s;

is_deeply([sort keys %client], [sort(($types // '') =~ /"([a-z]+)"/g)],
    'a client sends these and no others');

my ($codes) = content('ngx_otter_module/event/ngx_otter_stats.c')
    =~ /ngx_otter_stats_error_codes\[.*?\] = \{(.*?)\};/s;

my %error = map { $_ => 1 }
    @{ $messages->{'server.error'}{payload}{properties}{code}{enum} };

is_deeply([grep { !$error{$_} } $codes =~ /"([a-z-]+)"/g], [],
    'the codes of errors');


done_testing;

# The status counts every code of a problem and of an error by its name: the
# sources have no other, and the lists none that is not used.

use v5.36;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Otter::Source qw(content files none);

my $http = join '', map { content($_) } files('ngx_otter_module/http/*.c');
my $event = join '', map { content($_) } files('ngx_otter_module/event/*.c');
my $token = content('ngx_otter_module/core/otter_token.c');
my $lists = content('ngx_otter_module/http/ngx_http_otter_status_metrics.c');
my $stats = content('ngx_otter_module/event/ngx_otter_stats.c');


# The strings of an array of C.

sub list ($source, $name) {
    my ($body) = $source =~ /\b$name\[\w*\] = \{\n(.*?)\n\};/s
        or die "no $name";

    return $body =~ /"([^"]+)"/g;
}


my @refusals = list($lists, 'ngx_http_otter_refusals');
my @errors = list($stats, 'ngx_otter_stats_error_codes');

my %refusal = map { $_ => 1 } @refusals;
my %error = map { $_ => 1 } @errors;

my @tokens = $token =~ /"(token-[a-z-]+)"/g;
my @problems = $http =~ /_problem\(r,[^;]*?"([a-z]+(?:-[a-z]+)*)",/g;
my @answers = $event =~ /session_error\(\w+, "([a-z-]+)"/g;

cmp_ok(scalar @tokens, '>', 5, 'codes of tokens');
cmp_ok(scalar @problems, '>', 30, 'codes of problems');
cmp_ok(scalar @answers, '>', 4, 'codes of errors');

none('each problem is counted', grep { !$refusal{$_} } @tokens, @problems);
none('each error is counted', grep { !$error{$_} } @tokens, @answers);

none('no code of a problem is of the past',
     grep { ($http . $token) !~ /"\Q$_\E"[^\n]*\n.*"\Q$_\E"/s
            && $token !~ /"\Q$_\E"/ } @refusals);
none('no code of an error is of the past',
     grep { my $code = $_;
            !grep { /"\Q$code\E"/ } $token, $http,
                $event =~ s/error_codes\[.*?\};//sr } @errors);

is("@refusals", join(' ', sort @refusals), 'in order');
is("@errors", join(' ', sort @errors), 'in order');

done_testing();

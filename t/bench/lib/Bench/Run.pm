package Bench::Run;

# One case of a scenario: starts the server, lets the generator run, and takes
# its report.

use v5.36;

use Bench::Server;
use Bench::Tools qw(on_core);
use Carp qw(croak);
use Exporter 'import';
use Otter::JSON qw(from_json to_json);

our @EXPORT_OK = qw(measure request);

my $TOO_SLOW = 4413;


# Options: quick, tools, servers (folders).

sub measure ($scenario, $case, %option) {
    my ($label, $name, @more) = @$case;

    my $server = Bench::Server->start($name,
        workers => $scenario->{workers} // 1,
        zone    => $scenario->{zone} // '128m',
        alone   => $scenario->{alone},
        %option,
    );

    my @command = (
        on_core(1, $scenario->{alone}), "$option{tools}/load",
        _address($server, $scenario, $label),
        @{ $scenario->{args} }, @more,
        $option{quick} ? qw(--measure 1000) : (),
    );

    # A scenario that measures nothing afterwards stays as it is.
    push @command, qw(--measure 0)
        if grep { $_ eq 'joins' } $scenario->{name};

    my $report = _report(@command);

    push @{ $report->{faults} }, $server->faults;
    push @{ $report->{faults} }, "the slow one was closed with "
        . $report->{slow_code} if $label eq 'slow'
        && $report->{slow_code} != $TOO_SLOW;

    $server->stop;

    return $report;
}


sub _address ($server, $scenario, $label) {
    my $list = sub (@items) { return join ',', @items };

    my @address = (
        '--server', $scenario->{http} ? 'http' : $server->protocol,
        '--ports',  $list->($server->ports),
        '--pids',   $list->($server->pids),
        '--redis',  $list->($server->redis_pids),
        '--tls',    $server->tls,
    );

    push @address, '--jwk', $server->jwk if -e $server->jwk;
    push @address, '--workers', $list->($server->worker_pids)
        if $scenario->{name} =~ /^workers/;
    push @address, '--request', request($server,
        $label eq 'token' ? '/otter/token' : '/return')
        if $scenario->{http};

    return @address;
}


# The same bytes but for the path.

sub request ($server, $path) {
    my $body = to_json({ room => 'den', identity => 'alice' });
    my $file = "$server->{folder}/request";

    open my $out, '>', $file or croak "$file: $!";
    print {$out} join "\r\n", "POST $path HTTP/1.1", 'Host: 127.0.0.1',
        'Authorization: Bearer ' . $server->api_key,
        'Content-Type: application/json',
        'Content-Length: ' . length $body, '', $body;
    close $out or croak "$file: $!";

    return $file;
}


# What is missing, wrong or too many is a fault of the server.

sub _report (@command) {
    open my $pipe, '-|', @command or croak "$command[-1]: $!";

    my $text = do { local $/; readline $pipe };
    my $exit = close $pipe ? 0 : $? >> 8;

    croak 'the generator failed' if !$text;

    my $report = from_json($text);

    $report->{total_us} = ($report->{message_us} // 0)
        + ($report->{message_redis_us} // 0);
    $report->{"${_}_rate"} = $report->{"${_}_units"}
        / ($report->{"${_}_seconds"} || 1) for qw(join message);

    $report->{faults} = $exit ? [sprintf '%d of %d messages arrived, %d not '
        . 'in order, %d connections were lost',
        @$report{qw(delivered expected bad failed)}] : [];

    return $report;
}


1;

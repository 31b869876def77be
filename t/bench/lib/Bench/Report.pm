package Bench::Report;

# The table of results, ratios first.

use v5.36;

use Exporter 'import';
use POSIX qw(strftime);

our @EXPORT_OK = qw(markdown median);


sub median (@numbers) {
    my @sorted = sort { $a <=> $b } @numbers;
    my $middle = @sorted >> 1;

    return @sorted % 2 ? $sorted[$middle]
        : ($sorted[$middle - 1] + $sorted[$middle]) / 2;
}


# Results: { scenario, cases => { label => [report, ...] } } in the order of
# running.  About: [name, value] pairs.

sub markdown ($about, @results) {
    my $date = strftime('%Y-%m-%d', gmtime);

    return join "\n",
        '# Benchmarks', '',
        "Measured on $date by `t/bench/run`, side by side in one run. CPU is "
            . 'user and system time of all processes of the server, divided '
            . 'by what they delivered; the server has one core and the '
            . 'generator the other. Numbers are medians, with the least and '
            . 'the greatest in brackets. `t/bench/README.md` says what each '
            . 'scenario does.',
        '',
        _ratios(@results),
        _figures(@results),
        "## Where\n",
        _table(['', ''], @$about);
}


sub _ratios (@results) {
    my @rows;

    for my $result (@results) {
        my $scenario = $result->{scenario};
        my ($first, @others) = map { $_->[0] } @{ $scenario->{cases} };

        push @rows, map {
            my $ratio = _ratio($result, $first, $_);
            my $goal  = $scenario->{goal}{$_};

            [
                $scenario->{title}, "$first / $_", sprintf('%.2f', $ratio),
                !defined $goal ? '' : $goal,
                !defined $goal ? '' : $ratio <= $goal ? 'yes' : '**no**',
            ]
        } grep { _ratio($result, $first, $_) } @others;
    }

    return ("## Ratios\n", 'Below 1, Otter costs less.' . "\n",
        _table(['', 'of', 'ratio', 'at most', 'reached'], @rows));
}


sub _figures (@results) {
    my @parts = "## Figures\n";

    for my $result (@results) {
        my $scenario = $result->{scenario};
        my @rows = map { _row($result, $_) } _measured($result);

        push @parts, "### $scenario->{title}\n", _table(
            ['', "$scenario->{unit} (`$scenario->{metric}`)", 'a second',
                'p50, p99 µs', 'server busy', 'generator busy',
                'memory each, B', 'join, µs'], @rows);
    }

    return @parts;
}


sub _row ($result, $label) {
    my @runs   = @{ $result->{cases}{$label} };
    my $metric = $result->{scenario}{metric};
    my @values = map { $_->{$metric} } @runs;
    my $of     = sub ($key) { median(map { $_->{$key} // 0 } @runs) };

    return [
        $label,
        sprintf('%s (%s–%s)', map { _number($_) } median(@values),
            (sort { $a <=> $b } @values)[0, -1]),
        sprintf('%d', $of->('rate')),
        $of->('p99_us')
            ? sprintf('%.0f, %.0f', $of->('p50_us'), $of->('p99_us')) : '',
        map({ sprintf '%.2f', $of->($_) }
            qw(message_server_busy message_load_busy)),
        map({ _number($of->($_)) } qw(memory_each join_us)),
    ];
}


sub _number ($value) {
    return sprintf $value < 10 ? '%.2f' : $value < 100 ? '%.1f' : '%.0f',
        $value;
}


# The labels for which there is a result, the first case first.

sub _measured ($result) {
    return grep { $result->{cases}{$_} }
        map { $_->[0] } @{ $result->{scenario}{cases} };
}


# Of each round, for the machine is not equally fast in all; then the median.

sub _ratio ($result, $one, $other) {
    my $metric = $result->{scenario}{metric};
    my ($a, $b) = map { $result->{cases}{$_} // [] } $one, $other;
    my @rounds  = grep { $a->[$_] && $b->[$_] && $b->[$_]{$metric} }
        0 .. $#$a;

    return if !@rounds;
    return median(map { $a->[$_]{$metric} / $b->[$_]{$metric} } @rounds);
}


sub _table ($head, @rows) {
    return join '', map { '| ' . join(' | ', @$_) . " |\n" }
        $head, [map { '---' } @$head], @rows;
}


1;

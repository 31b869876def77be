package Otter::Timing;

# How long the tests wait.  Under valgrind everything takes many times longer,
# so each timeout goes through patience().

use v5.36;

use Exporter 'import';
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(deadline eventually patience remaining under_valgrind);


sub under_valgrind () {
    return !!$ENV{OTTER_VALGRIND};
}


sub patience ($seconds) {
    return $seconds * (under_valgrind() ? 8 : $ENV{OTTER_PATIENCE} || 1);
}


sub deadline ($seconds) {
    return time + patience($seconds);
}


sub remaining ($deadline) {
    my $left = $deadline - time;

    return $left > 0 ? $left : 0;
}


# Polls until the condition holds; returns its value, false after the timeout.

sub eventually ($seconds, $condition) {
    my $deadline = deadline($seconds);

    while (1) {
        my $value = $condition->();

        return $value if $value || !remaining($deadline);

        sleep 0.01;
    }
}


1;

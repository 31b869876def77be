package Otter::Proc;

# What /proc tells about nginx's processes.

use v5.36;


sub children ($pid) {
    return split ' ', _text("/proc/$pid/task/$pid/children");
}


# The resident memory of a process in KiB.

sub memory ($pid) {
    return _text("/proc/$pid/status") =~ /^VmRSS:\s+(\d+)/m ? $1 : 0;
}


# Clock ticks of CPU time, user and system.

sub cpu_ticks ($pid) {
    my @field = split ' ', _text("/proc/$pid/stat") =~ s/^.*\) //sr;

    return $field[11] + $field[12];
}


sub open_files ($pid) {
    return scalar(my @files = glob "/proc/$pid/fd/*");
}


# Which of the processes holds the server's end of a loopback connection, by
# the client's port.  The kernel may give that port to a connection to another
# server as well.

sub owner_of_peer ($client_port, @pids) {
    my $remote = sprintf ':%04X', $client_port;
    my %held;

    for my $line (split /\n/, _text('/proc/net/tcp')) {
        my @field = split ' ', $line;

        $held{"socket:[$field[9]]"} = 1 if ($field[2] // '') =~ /\Q$remote\E$/
            && $field[1] !~ /\Q$remote\E$/;
    }

    return if !%held;

    for my $pid (@pids) {
        for my $file (glob "/proc/$pid/fd/*") {
            return $pid if $held{ readlink($file) // '' };
        }
    }

    return;
}


sub _text ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return readline($file) // '';
}


1;

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


# Which of the processes holds the server's end of a loopback connection.

sub owner_of_connection ($server_port, $client_port, @pids) {
    my $ends = sprintf '[0-9A-F]+:%04X [0-9A-F]+:%04X', $server_port,
        $client_port;
    my ($inode) = _text('/proc/net/tcp')
        =~ /^ *\d+: $ends 01 \S+ \S+ \S+ +\d+ +\d+ (\d+) /m or return;

    for my $pid (@pids) {
        for my $file (glob "/proc/$pid/fd/*") {
            return $pid if (readlink($file) // '') eq "socket:[$inode]";
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

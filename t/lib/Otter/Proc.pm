package Otter::Proc;

# What the kernel tells about nginx's processes.

use v5.36;

use Socket qw(AF_INET IPPROTO_TCP SOCK_RAW inet_aton);

# Of <linux/netlink.h> and <linux/sock_diag.h>.
my $AF_NETLINK          = 16;
my $NETLINK_SOCK_DIAG   = 4;
my $SOCK_DIAG_BY_FAMILY = 20;
my $NLM_F_REQUEST       = 1;


sub children ($pid) {
    return split ' ', _text("/proc/$pid/task/$pid/children");
}


# A process that has ended and waits to be looked after lives no more.

sub lives ($pid) {
    return _text("/proc/$pid/stat") =~ /^.*\) [^ZX]/s;
}


# The processes of a group.

sub group ($group) {
    return titled($group, '');
}


# The processes of a group whose title begins so.

sub titled ($group, $title) {
    my @found;

    for my $folder (glob '/proc/[0-9]*') {
        my ($pid) = $folder =~ /(\d+)$/;
        my @field = split ' ', _text("$folder/stat") =~ s/^.*\) //sr;

        next if !@field || $field[0] eq 'Z' || $field[2] != $group;
        push @found, $pid if _text("$folder/cmdline") =~ /^\Q$title\E/;
    }

    return @found;
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
    my $inode = _inode($server_port, $client_port) || return;

    for my $pid (@pids) {
        for my $file (glob "/proc/$pid/fd/*") {
            return $pid if (readlink($file) // '') eq "socket:[$inode]";
        }
    }

    return;
}


# Asks the kernel for that one socket (sock_diag(7)): /proc/net/tcp misses
# lines while other connections come and go.

sub _inode ($server_port, $client_port) {
    my $address = inet_aton('127.0.0.1');

    my $request = pack 'CCCCL nna16a16 LLL', AF_INET, IPPROTO_TCP, 0, 0, ~0,
        $server_port, $client_port, $address, $address, 0, ~0, ~0;

    my $header = pack 'LSSLL', 16 + length $request, $SOCK_DIAG_BY_FAMILY,
        $NLM_F_REQUEST, 1, 0;

    socket my $netlink, $AF_NETLINK, SOCK_RAW, $NETLINK_SOCK_DIAG
        or die "netlink: $!";
    syswrite $netlink, $header . $request or die "netlink: $!";
    sysread $netlink, my ($answer), 8192 or die "netlink: $!";

    my $type = unpack 'x4S', $answer;

    return $type == $SOCK_DIAG_BY_FAMILY ? unpack('x84L', $answer) : 0;
}


sub _text ($path) {
    open my $file, '<', $path or return '';
    local $/;

    return readline($file) // '';
}


1;

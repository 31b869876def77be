package Otter::Reloads;

# Fifty reloads while peers talk, all of them come back each time, and what
# the server holds is measured along the way.

use v5.36;

use Exporter 'import';
use Otter::Crowd;
use Otter::JSON qw(to_json);
use Otter::Placed qw(status_at);
use Otter::Proc;
use Otter::Timing qw(eventually);
use Test::More ();

our @EXPORT_OK = qw(reload_under_load);

my $WARM = 5;


# %more: what else is to be the same before and after, each a sub that gives a
# number.

sub reload_under_load ($nginx, %more) {
    my %measure = (
        'pages of the zone' => sub { status_at($nginx)->{zone_free_bytes} },
        'rooms'             => sub { status_at($nginx)->{rooms} },
        'sessions'          => sub { status_at($nginx)->{sessions} },
        %more,
    );

    my $crowd = Otter::Crowd->gather($nginx, rooms => 3, size => 3);
    my $peers = $crowd->members;
    my ($before, $memory, $files);

    for my $reload (1 .. 50) {
        $nginx->signal('HUP');

        for (1 .. 200) {
            $crowd->talk(4);
            last if $crowd->count->{resumed} >= $peers * $reload;
        }

        # So that there are never more workers than the zone has seen, each of
        # which leaves a block of counters there.
        $nginx->old_workers_leave(20);

        next if $reload != $WARM;

        _settled($nginx, $crowd, 'after the first reloads');
        $before = _measure(\%measure);
        $memory = Otter::Proc::memory($nginx->pid);
        $files  = Otter::Proc::open_files($nginx->pid);
    }

    _settled($nginx, $crowd, 'after the last one');

    Test::More::is(join("\n", $crowd->faults), '', 'all was heard, in order');
    Test::More::is_deeply($crowd->closes, { 1012 => 50 * $peers },
        'every socket was closed with 1012, each time');
    Test::More::is_deeply(_measure(\%measure), $before,
        'the server holds what it did before');
    Test::More::is(Otter::Proc::open_files($nginx->pid), $files,
        'no more open files');
    Test::More::cmp_ok(Otter::Proc::memory($nginx->pid) - $memory, '<', 512,
        'no more memory in the master');

    $crowd->disperse;
    Test::More::ok(eventually(5, sub { !status_at($nginx)->{sessions} }),
        'nobody is left');
}


sub _settled ($nginx, $crowd, $when) {
    Test::More::ok($crowd->settle(20), "everything was heard $when");
    Test::More::ok($nginx->old_workers_leave(20), 'no old worker stays');

    # Whoever has nothing that waits to be acknowledged holds the same.
    for my $member ($crowd->members) {
        my $ack = to_json({ type => 'ack', seq => $member->{peer}->seq });

        push @{ $member->{sent} }, $ack;
        $member->{peer}->send($ack);
    }

    $crowd->listen(0.3);
}


sub _measure ($measure) {
    return { map { $_ => $measure->{$_}->() } sort keys %$measure };
}


1;

use v5.36;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Test::More;

use Otter::Cli;
# Files of keys are for their owner alone, whatever the umask was and whatever
# they were before.

umask 0;

otter_json(qw(key create --file), file_in('keys.json'));
otter_json(qw(secret new --file), file_in('jwt.json'));

is(mode_of(file_in($_)), '0600', "a new $_") for qw(keys.json jwt.json);

chmod 0666, file_in($_) for qw(keys.json jwt.json);

otter_json(qw(key create --file), file_in('keys.json'));
otter_json(qw(secret new --file), file_in('jwt.json'));

is(mode_of(file_in($_)), '0600', "$_ when changed") for qw(keys.json jwt.json);

done_testing();

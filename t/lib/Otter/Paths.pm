package Otter::Paths;

# Where the build leaves what the tests run.

use v5.36;

use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);

our @EXPORT_OK = qw($build $command $module $root);

our $root    = abs_path(dirname(__FILE__) . '/../../..');
our $build   = $ENV{OTTER_BUILD} || "$root/build";
our $module  = "$build/ngx_otter_module.so";
our $command = "$build/bin/otter";


1;

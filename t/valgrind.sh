#!/bin/sh
# Runs the HTTP and WebSocket tests with nginx under valgrind.  A test fails
# for any memory error, and for every definite leak of this project's code.
#
#   t/valgrind.sh [prove's options] [tests]

set -eu

cd "$(dirname "$0")/.."

command -v valgrind >/dev/null || {
    echo "valgrind.sh: valgrind is not installed" >&2
    exit 1
}

if [ $# -eq 0 ]; then
    set -- -j 2 t/http t/ws t/security t/turn
fi

OTTER_VALGRIND=1 exec prove -r "$@"

#!/usr/bin/env bash

set -eu

usage() {
    cat <<'TEXT'
usage: ./test.sh [stage...]

Installs the test tools that are missing and runs every stage, or those named:

  build      everything that make builds
  unit       unit tests in C, under ASan and UBSan
  style      linters and t/style
  perl       prove -r t/: nginx with the module, driven from outside
  client     the client library and the app in Node
  browser    real browsers, by Playwright
  valgrind   the HTTP and WebSocket tests under valgrind

The output of each is kept in build/test/. A skipped test counts as failed.
What fails in perl or browser is tried once more, alone, and is said to have
been.  An alert in a log or a process left behind fails for good.
TEXT
}


build_stage() {
    make -j"$(nproc)"
}


unit_stage() {
    make -j"$(nproc)" unit
}


style_stage() {
    make -k check-style
}


# What is measured in seconds may fail for want of a processor: what failed is
# tried once more, one by one.

perl_stage() {
    local state=build/test/prove.state

    make t/api/node_modules/.package-lock.json

    rm -f "$state"
    prove --statefile "$state" --state=save -r -j "$(nproc)" --timer t \
        && return 0

    printf '\n%s\n' "$again"
    prove --statefile "$state" --state=failed
}


client_stage() {
    make html/node_modules/.package-lock.json
    cd html
    npm test
}


browser_stage() {
    make t/browser/node_modules/.package-lock.json
    cd t/browser
    npm test
}


valgrind_stage() {
    t/valgrind.sh
}


# tally WORDS LOG: adds up "N word" in the closing lines of Vitest ("Tests  1
# failed | 9 passed") and of Playwright ("  9 passed (1.2m)")

tally() {
    sed 's/\x1b\[[0-9;]*m//g' "$2" \
        | { grep -E '^ *Tests  |^ +[0-9]+ [a-z ]+( \([0-9.]+m?s?\))?$' || :; } \
        | { grep -oE "[0-9]+ ($1)" || :; } \
        | awk '{ n += $1 } END { print n + 0 }'
}


# The part of a log up to the second try, and the second try, or all of it

first_try() {
    awk -v mark="$again" '$0 == mark { exit } 1' "$1"
}


last_try() {
    awk -v mark="$again" '$0 == mark { n = 0; next } { line[n++] = $0 }
                          END { for (i = 0; i < n; i++) print line[i] }' "$1"
}


# No second try excuses what a first one left behind.

left_behind() {
    grep -cE "Failed test '(the error log has|no process is left)" || :
}


programs() {
    sed -n 's/^Files=\([0-9]*\),.*/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}


# Of prove the test programs count, of the others the tests.  A stage whose
# runner counts nothing is one test.  What passed at the second try did pass.

count() {
    local log=$1 code=$2 good bad

    bad=$(last_try "$log" | grep -cE '^[^ ]+ +\(Wstat: | skipped: ' || :)
    good=$(($(first_try "$log" | programs) - bad))
    retried=$(tally 'flaky' "$log")

    if grep -qxF -e "$again" "$log"; then
        retried=$((retried + $(last_try "$log" | programs) - bad))
        bad=$((bad + $(first_try "$log" | left_behind)))
    fi

    good=$((good + $(tally 'passed|flaky' "$log")))
    bad=$((bad + $(tally 'failed|skipped|todo|interrupted|did not run' \
                         "$log")))

    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$code" -eq 0 ] && [ "$((good + bad))" -eq 0 ]; then good=1; fi

    passed=$((passed + good))
    failed=$((failed + bad))
    result="$good passed, $bad failed"

    if [ "$retried" -gt 0 ]; then
        result+=", $retried at the second try"
    fi
}


# What failed is said again at the end: the log of a run is long.

complaints() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" \
        | { grep -E -e '^[^ ]+ +\(Wstat: | skipped: |^ +Failed tests?:|^#  ' \
                    -e '^ +[0-9]+\) | FAIL |[^a-z]error: |\*\*\* ' || :; } \
        | awk '!seen[$0]++' | head -n 60
}


run_stage() {
    local stage=$1 log=build/test/$1.log began=$SECONDS code retried

    printf '\n== %s\n' "$stage"

    set +e
    ( set -e; "${stage}_stage" ) 2>&1 < /dev/null | tee "$log"
    code=$?
    set -e

    count "$log" "$code"

    if [ "$code" -ne 0 ] || [ "$retried" -gt 0 ]; then
        failures+=$(printf '\n== what failed in %s, at first or for good' "$stage"
                    printf '\n%s' "$(complaints "$log")")$'\n'
    fi

    summary+=$(printf '%-10s %5d s   %s' \
        "$stage" "$((SECONDS - began))" "$result")$'\n'
}


again='-- once more, alone'
all=(build unit style perl client browser valgrind)

case ${1-} in
    -h|--help) usage; exit 0 ;;
esac

for stage in "$@"; do
    case " ${all[*]} " in
        *" $stage "*) ;;
        *) usage >&2; exit 2 ;;
    esac
done

[ $# -gt 0 ] || set -- "${all[@]}"

set -o pipefail

cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin:/sbin
began=$SECONDS
passed=0
failed=0
failures=
summary=

.ci/install.sh test
mkdir -p build/test

for stage in "$@"; do
    run_stage "$stage"
done

printf '%s\n%s%-10s %5d s\n\n%d passed, %d failed\n' \
    "$failures" "$summary" total "$((SECONDS - began))" "$passed" "$failed"

[ "$failed" -eq 0 ]

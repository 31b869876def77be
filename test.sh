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


perl_stage() {
    make t/api/node_modules/.package-lock.json
    prove -r -j "$(nproc)" --timer t
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


# Of prove the test programs count, of the others the tests.  A stage whose
# runner counts nothing is one test.

count() {
    local log=$1 code=$2 files good bad

    files=$(sed -n 's/^Files=\([0-9]*\),.*/\1/p' "$log" \
            | awk '{ n += $1 } END { print n + 0 }')
    bad=$(grep -cE '^[^ ]+ +\(Wstat: | skipped: ' "$log" || :)
    good=$((files - bad))

    good=$((good + $(tally 'passed' "$log")))
    bad=$((bad + $(tally 'failed|skipped|todo|flaky|interrupted|did not run' \
                         "$log")))

    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ "$code" -eq 0 ] && [ "$((good + bad))" -eq 0 ]; then good=1; fi

    passed=$((passed + good))
    failed=$((failed + bad))
    result="$good passed, $bad failed"
}


run_stage() {
    local stage=$1 log=build/test/$1.log began=$SECONDS code

    printf '\n== %s\n' "$stage"

    set +e
    ( set -e; "${stage}_stage" ) 2>&1 < /dev/null | tee "$log"
    code=$?
    set -e

    count "$log" "$code"
    summary+=$(printf '%-10s %5d s   %s' \
        "$stage" "$((SECONDS - began))" "$result")$'\n'
}


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
summary=

.ci/install.sh test
mkdir -p build/test

for stage in "$@"; do
    run_stage "$stage"
done

printf '\n%s%-10s %5d s\n\n%d passed, %d failed\n' \
    "$summary" total "$((SECONDS - began))" "$passed" "$failed"

[ "$failed" -eq 0 ]

#!/usr/bin/env bash
#
# .ci/install.sh run|redis|test: installs the Debian packages that are missing,
# for building and running Otter, for run.sh --redis, or for the tests as well.
# Says what it installs and why; does nothing when all is there.

set -eu

PATH=$PATH:/usr/sbin:/sbin

purpose=${1:-run}
services=()


# command_of PACKAGE COMMAND WHY: any provider of the command will do

command_of() {
    command -v "$2" > /dev/null || want "$1" "$3"
}


# package NAME WHY

package() {
    case $(dpkg-query -W -f '${Status}' "$1" 2> /dev/null) in
        *' installed') ;;
        *) want "$1" "$2" ;;
    esac
}


want() {
    printf '  %-16s %s\n' "$1" "$2"
}


list_for_running() {
    command_of nginx nginx 'the web server that Otter is a module of'
    package nginx-dev 'headers and configure script of that nginx'
    command_of gcc gcc 'compiles the module and the commands'
    package libc6-dev 'headers of the C library'
    command_of make make 'builds'
    package libjwt-dev 'join tokens (JWT)'
    package libjansson-dev 'JSON'
    package libhiredis-dev 'Redis protocol'
    package libssl-dev 'HMAC, SHA-256, signatures, TLS'
    package zlib1g-dev 'compressed messages'
    package libcurl4-openssl-dev 'webhooks: HTTPS; the otter command'
    command_of openssl openssl 'the self-signed certificate of --lan'
    command_of coturn turnserver 'STUN and TURN'
    command_of nodejs node 'builds the web app'
    command_of npm npm 'fetches what the web app is built with'
    command_of curl curl 'asks the started server for its health'
    package ca-certificates 'for npm'
}


list_for_redis() {
    command_of redis-server redis-server 'what several hosts share'
}


list_for_tests() {
    command_of git git 'tells which files are to be checked'
    command_of perl prove 'runs the tests under t/'
    command_of procps ps 'tests look for processes left behind'
    command_of iproute2 ip 'tests have networks of their own'
    command_of systemd systemd-analyze "checks the companions' units"
    command_of valgrind valgrind 'memory errors and leaks'
    command_of cppcheck cppcheck 'static analysis'
    command_of clang-tidy clang-tidy 'static analysis'
    command_of shellcheck shellcheck 'checks the shell scripts'
    command_of chromium chromium 'the browser of the browser tests'
    command_of firefox-esr firefox-esr 'calls between two kinds of browser'
    command_of python3 python3 'the web server of an example'
    list_for_redis
    command_of zsh zsh 'the completion of the otter command'
    command_of prometheus promtool 'checks the metrics, and reads them'
}


# The packages' own services would take ports 80 and 3478, now and at every
# start of the machine.  Otter's are ordinary processes.

hold_services() {
    local p

    for p in "${missing[@]}"; do
        case $p in nginx|coturn|redis-server|prometheus) services+=("$p") ;; esac
    done

    if [ ${#services[@]} -eq 0 ] || [ -e /usr/sbin/policy-rc.d ]; then
        return
    fi

    trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' \
        | "${as_root[@]}" tee /usr/sbin/policy-rc.d > /dev/null
    "${as_root[@]}" chmod 755 /usr/sbin/policy-rc.d
}


release_services() {
    if [ ${#services[@]} -gt 0 ] && [ -d /run/systemd/system ]; then
        "${as_root[@]}" systemctl disable --quiet "${services[@]}"
        echo "not started, and disabled: the service of ${services[*]}"
    fi
}


case $purpose in
    run)   listing=$(list_for_running) ;;
    redis) listing=$(list_for_redis) ;;
    test)  listing=$(list_for_running; list_for_tests) ;;
    *)     echo "usage: $0 run|redis|test" >&2; exit 2 ;;
esac

[ -n "$listing" ] || exit 0

mapfile -t missing < <(awk '{ print $1 }' <<< "$listing")

if ! command -v apt-get > /dev/null; then
    printf 'These are missing, and there is no apt-get to install them:\n%s\n' \
        "$listing" >&2
    exit 1
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif command -v sudo > /dev/null; then
    as_root=(sudo)
else
    printf 'Packages are missing, and there is no sudo. As root, run once:\n' >&2
    printf '  apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
    exit 1
fi

printf 'Installing from the distribution, this takes a minute or two:\n%s\n' \
    "$listing"

hold_services

"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    > /dev/null

release_services

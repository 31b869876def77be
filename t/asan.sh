#!/usr/bin/env bash
# Builds Debian's nginx and the module with AddressSanitizer and
# UndefinedBehaviorSanitizer into build/asan/, and runs the tests with it.  A
# test fails for whatever a sanitizer says.
#
#   t/asan.sh [prove's options] [tests]
#
# nginx is built once, from the source that the distribution has.

set -eu

cd "$(dirname "$0")/.."

asan=$PWD/build/asan
src=$asan/src
without=alignment,function,nonnull-attribute,returns-nonnull-attribute
without=$without,pointer-overflow
flags="-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined"
flags="$flags -fno-sanitize=$without -fno-sanitize-recover=all"
flags="$flags -DNGX_DEBUG_PALLOC=1"
cc=clang


# The newest source of the nginx that is installed that the mirror still has.
# Sources are listed nowhere but here, so the machine's own lists stay.

fetch() {
    version=$(dpkg-query -W -f '${source:Upstream-Version}' nginx)

    [ ! -e "$src/.is-$version" ] || return 0

    rm -rf "$src" "$asan/apt"
    mkdir -p "$src" "$asan/apt/parts" "$asan/apt/lists/partial"

    for list in /etc/apt/sources.list /etc/apt/sources.list.d/debian*; do
        [ -e "$list" ] || continue

        sed -E 's/^Types:.*/Types: deb-src/; s/^deb /deb-src /' "$list" \
            > "$asan/apt/parts/${list##*/}"
    done

    set -- -q -o "Dir::Etc::SourceList=/dev/null" \
        -o "Dir::Etc::SourceParts=$asan/apt/parts" \
        -o "Dir::State::Lists=$asan/apt/lists"

    apt-get "$@" update > "$asan/apt.log" 2>&1
    (
        cd "$asan"

        for full in $(apt-cache "$@" showsrc nginx \
            | sed -n "s/^Version: \($version-.*\)/\1/p" | sort -rV)
        do
            apt-get "$@" source --download-only "nginx=$full" \
                > "$asan/apt.log" 2>&1 || continue

            dpkg-source --no-check -x "nginx_$full.dsc" "$src/nginx" \
                > /dev/null
            break
        done
    )

    [ -e "$src/nginx" ] || {
        cat "$asan/apt.log" >&2
        exit 1
    }

    touch "$src/.is-$version"
}


# the options of the distribution's own build

configure() {
    [ ! "$asan/nginx/Makefile" -nt config ] \
        || [ ! "$asan/nginx/Makefile" -nt t/asan.sh ] || return 0

    # shellcheck source=/dev/null
    . /usr/share/nginx/src/conf_flags
    cd "$src/nginx"

    ./configure "${NGX_CONF_FLAGS[@]}" --builddir="$asan/nginx" --with-cc="$cc" \
        --with-cc-opt="-std=gnu11 -Wno-error $flags" \
        --with-ld-opt="$flags" \
        --add-dynamic-module="$OLDPWD" > "$asan/configure.log"

    cd "$OLDPWD"
}


for tool in $cc dpkg-source; do
    command -v "$tool" > /dev/null || {
        echo "asan.sh: $tool is not installed" >&2
        exit 1
    }
done

mkdir -p "$asan"
fetch
configure
make -s bin
make -s -C "$src/nginx" -f "$asan/nginx/Makefile" binary modules \
    -j"$(nproc)" > "$asan/make.log" 2>&1 || {
    tail -n 40 "$asan/make.log" >&2
    exit 1
}
cp "$asan/nginx/ngx_otter_module.so" "$asan"
ln -sfn "$PWD/build/bin" "$asan/bin"

if [ $# -eq 0 ]; then
    set -- -j 2 t/http t/ws t/security t/bus t/lifecycle t/hosts
fi

# What a sanitizer says ends the process by a signal, which is an alert in the
# log; but some processes have no log.  Leaks are valgrind's, and freed memory
# is kept out of use for a while only, so that tests can look at the memory used.
# nginx and every dynamic module have an array "ngx_modules".

rm -rf "$asan/reports"
mkdir -m 1777 "$asan/reports"
options=abort_on_error=1:detect_leaks=0:quarantine_size_mb=1
options=$options:detect_odr_violation=0
options=$options:log_path=$asan/reports/report

code=0
ASAN_OPTIONS=$options UBSAN_OPTIONS=print_stacktrace=1 OTTER_PATIENCE=4 \
    OTTER_NGINX=$asan/nginx/nginx OTTER_BUILD=$asan prove -r "$@" || code=$?

for report in "$asan"/reports/*; do
    [ -e "$report" ] || continue

    cat "$report"
    code=1
done

exit "$code"

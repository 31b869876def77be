#!/usr/bin/env bash
#
# t/docker/stack.sh: runs the containers of docker/compose.yaml, joins a room
# over them and takes them down again.  It is run by hand, for it needs the
# images (docker compose -f docker/compose.yaml build, five to ten minutes),
# and docker compose or podman-compose; it takes about a minute itself.
#
# With podman, and as root, it has a network of its own, in which podman's
# rules for packets go away with it.

set -eu

cd "$(dirname "$0")/../.."

export OTTER_PORT=${OTTER_PORT:-18080} OTTER_TURN_PORT=${OTTER_TURN_PORT:-13478}

compose=(docker compose)
engine=docker

if ! docker compose version > /dev/null 2>&1; then
    compose=(podman-compose)
    engine=podman

    if [ "$(id -u)" -eq 0 ] && [ "${1-}" != inside ]; then
        exec unshare --net "$0" inside
    fi
fi

[ "${1-}" != inside ] || ip link set lo up

file=docker/compose.yaml
work=$(mktemp -d)


fail() {
    printf 'not ok: %s\n' "$*" >&2
    "${compose[@]}" -p otter -f "$file" logs 2>&1 | tail -n 60 >&2 || :
    exit 1
}


# shellcheck disable=SC2317 # the trap
finish() {
    build/bin/otter down --compose "$file" > /dev/null 2>&1 || :
    rm -rf "$work"
}


# containers SERVICE...: their ids

containers() {
    "$engine" ps -q --filter label=com.docker.compose.project=otter \
        ${1:+--filter label=com.docker.compose.service="$1"}
}


trap finish EXIT
trap 'exit 130' INT TERM

build/bin/otter up --compose "$file" --json > "$work/up" \
    || fail 'otter up'
grep -q "\"link\":\"http://localhost:$OTTER_PORT/otter/room/demo\"" \
    "$work/up" || fail 'no link is told'
echo 'ok: up'

! build/bin/otter up --compose "$file" 2> /dev/null || fail 'up twice'
echo 'ok: no second time'

"$engine" exec "$(containers nginx)" cat /etc/otter/api-key > "$work/key"
chmod 600 "$work/key"

perl t/docker/join.pl "$OTTER_PORT" < "$work/key" > "$work/turn" \
    || fail 'joining'
echo 'ok: two peers join with tokens and hear each other'

{ read -r user; read -r password; } < "$work/turn"

turnutils_uclient -y -n 3 -m 1 -u "$user" -w "$password" \
    -p "$OTTER_TURN_PORT" 127.0.0.1 > "$work/relay" 2>&1 || :
grep -q 'Total lost packets 0 ' "$work/relay" || fail 'no relay'
echo 'ok: coturn relays with what they were given'

build/bin/otter status --url "http://127.0.0.1:$OTTER_PORT" \
    --api-key-file "$work/key" || fail 'otter status'
echo 'ok: all parts are well'

for id in $(containers); do
    case $engine in
        podman)
            podman healthcheck run "$id" > /dev/null || fail "$id is unwell" ;;
        docker)
            [ "$(docker inspect -f '{{.State.Health.Status}}' "$id")" \
                = unhealthy ] && fail "$id is unwell" ;;
    esac

    user=$("$engine" exec "$id" id -u)
    [ "$user" != 0 ] || fail "$id runs as root"
done

[ "$(containers | wc -l)" -eq 6 ] || fail 'there are not six containers'
echo 'ok: six containers are healthy, none is root'

build/bin/otter down --compose "$file" 2> /dev/null || fail 'otter down'
[ -z "$(containers)" ] || fail 'containers are left'
echo 'ok: down'

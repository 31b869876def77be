#!/bin/sh

# What a container of Otter does: makes the secrets that are not there yet, in
# files for its own user alone, fills in a configuration, and becomes the
# program.  Secrets come from no environment and show in no process list.

set -eu

umask 077

keys=/etc/otter
shared=/etc/otter-redis
run=/tmp
templates=/usr/local/share/otter-container
redis=${OTTER_REDIS:-redis:6379}


fail() {
    printf 'otter-container: %s\n' "$*" >&2
    exit 1
}


random() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}


# locked FOLDER FUNCTION: one container at a time; several share the volume

locked() {
    exec 9> "$1/.lock"
    flock 9
    "$2"
    exec 9>&-
}


# a file is whole, or it is not there

make_password() {
    [ -s "$shared/password" ] && return
    random > "$shared/password.new"
    mv "$shared/password.new" "$shared/password"
}


make_keys() {
    if [ ! -s "$keys/jwt.json" ]; then
        otter secret new --file "$keys/jwt.json" > /dev/null
    fi

    # the command shows a key only once
    if [ ! -s "$keys/api-keys.json" ] || [ ! -s "$keys/api-key" ]; then
        otter key create --file "$keys/api-keys.json" > "$keys/api-key.new"
        mv "$keys/api-key.new" "$keys/api-key"
    fi

    if [ ! -s "$keys/turn.secret" ]; then
        { random; echo; } > "$keys/turn.secret.new"
        mv "$keys/turn.secret.new" "$keys/turn.secret"
    fi
}


make_webhook_secret() {
    [ -s "$keys/webhook.secret" ] && return
    echo "whsec_$(openssl rand -base64 32)" > "$keys/webhook.secret.new"
    mv "$keys/webhook.secret.new" "$keys/webhook.secret"
}


# a port or a switch goes into a configuration as it stands

check_port() {
    case $2 in
        ''|*[!0-9]*|??????*) fail "$1 must be a port, not \"$2\"" ;;
    esac
}


# fill TEMPLATE NAME=VALUE...: the words @NAME@; no value has a "|"

fill() {
    template=$templates/$1
    shift
    script=

    for pair in "$@"; do
        script="${script}s|@${pair%%=*}@|${pair#*=}|g
"
    done

    printf '%s' "$script" > "$run/fill"
    sed -f "$run/fill" "$template"
    rm "$run/fill"
}


redis_url() {
    printf 'redis://%s?password_file=%s/password' \
        "$redis" "$shared"
}


# where browsers find coturn, and the ports it relays from

turn_settings() {
    turn_address=${OTTER_TURN_ADDRESS:-127.0.0.1}
    turn_port=${OTTER_TURN_PORT:-3478}
    min_port=${OTTER_TURN_MIN_PORT:-49160}
    max_port=${OTTER_TURN_MAX_PORT:-49259}

    check_port OTTER_TURN_PORT "$turn_port"
    check_port OTTER_TURN_MIN_PORT "$min_port"
    check_port OTTER_TURN_MAX_PORT "$max_port"

    case $turn_address in
        ''|*[!0-9.]*) fail 'OTTER_TURN_ADDRESS must be an IPv4 address' ;;
    esac
}


turn_uris() {
    printf 'turn:%s:%s?transport=%s\n' \
        "$turn_address" "$turn_port" udp "$turn_address" "$turn_port" tcp
}


nginx_container() {
    locked "$keys" make_keys
    turn_settings

    case ${OTTER_GUESTS:-off} in
        on|off) ;;
        *) fail 'OTTER_GUESTS must be "on" or "off"' ;;
    esac

    resolver=$(awk '$1 == "nameserver" {
        print $2 ~ /:/ ? "[" $2 "]" : $2; exit }' /etc/resolv.conf)

    fill nginx.conf.in "REDIS=$(redis_url)" \
        "TURN=$(turn_uris | tr '\n' ' ')" "STUN=$turn_address:$turn_port" \
        "GUESTS=${OTTER_GUESTS:-off}" \
        "RESOLVER=${resolver:-127.0.0.1}" > "$run/nginx.conf"

    exec nginx -e stderr -c "$run/nginx.conf"
}


# coturn is asked where browsers ask it, which on loopback is out of reach

turn_container() {
    locked "$keys" make_keys
    turn_settings

    {
        fill otter-turn.conf.in "REDIS=$(redis_url)"

        case $turn_address in
            127.*) ;;
            *) turn_uris | sed 's/^/uri = /' ;;
        esac
    } > "$run/otter-turn.conf"

    exec otter-turn --config "$run/otter-turn.conf"
}


reaper_container() {
    echo "redis = $(redis_url)" > "$run/otter-reaper.conf"

    exec otter-reaper --config "$run/otter-reaper.conf"
}


webhooks_container() {
    if [ -z "${OTTER_WEBHOOK_URL:-}" ]; then
        echo 'otter-webhooks: there is no OTTER_WEBHOOK_URL, nothing is sent'
        trap 'exit 0' TERM INT
        sleep infinity &
        wait
    fi

    locked "$keys" make_webhook_secret

    {
        echo "redis = $(redis_url)"
        echo '[endpoint own]'
        echo "url = $OTTER_WEBHOOK_URL"
        echo "secret = $(cat "$keys/webhook.secret")"
    } > "$run/otter-webhooks.conf"

    exec otter-webhooks --config "$run/otter-webhooks.conf"
}


redis_container() {
    fill redis.conf.in "PASSWORD=$(cat "$shared/password")" \
        > "$run/redis.conf"

    exec redis-server "$run/redis.conf"
}


# of this container

own_address() {
    hostname -I | awk '{ print NF ? $1 : "127.0.0.1" }'
}


coturn_container() {
    turn_settings

    # a relay may be reached by another, and nothing else of this network

    {
        fill turnserver.conf.in "PORT=$turn_port" "OWN=$(own_address)" \
            "ADDRESS=$turn_address" "MIN=$min_port" "MAX=$max_port" \
            "REDIS_HOST=${redis%:*}" "REDIS_PORT=${redis##*:}" \
            "PASSWORD=$(cat "$shared/password")"
        grep '^denied-peer-ip=' "$templates/turnserver.conf"
    } > "$run/turnserver.conf"

    exec turnserver -c "$run/turnserver.conf"
}


# for health checks: what the program needs is there, and answers

healthy() {
    case $1 in
        redis)
            otter usage --redis "$(redis_url)" --json > /dev/null
            ;;
        coturn)
            turnutils_stunclient -p "${OTTER_TURN_PORT:-3478}" \
                "$(own_address)" | grep -q 'UDP reflexive addr'
            ;;
    esac
}


program=${1:-}

case $program in
    nginx|otter-turn|otter-reaper|otter-webhooks|redis|coturn)
        locked "$shared" make_password
        "${program#otter-}_container"
        ;;
    healthy-*)
        healthy "${program#healthy-}"
        ;;
    '')
        fail 'which program?'
        ;;
    *)
        exec "$@"
        ;;
esac

#!/usr/bin/env bash

set -eu

usage() {
    cat <<'TEXT'
usage: ./run.sh [--port N] [--turn-port N] [--lan[=ADDRESS]] [--redis]
                [--state DIR]

Installs what is missing from the distribution, builds Otter, and starts
nginx with Otter and coturn as ordinary processes until Ctrl-C.

  --port N          port of the web server: 8080, with --lan 8443
  --turn-port N     port of coturn: 3478, or the next that is free
  --lan[=ADDRESS]   listen on the machine's address in the local network, or
                    on ADDRESS, with a self-signed certificate; without it
                    only this machine gets in
  --redis           start a Redis as well, on a socket that only this nginx
                    may use, and keep the rooms there, as several hosts do
  --state DIR       folder of keys, secrets, configuration and logs: .otter,
                    which only its owner can read; remove it to start afresh
  --help            this text
TEXT
}


say() {
    printf '%s\n' "$*"
}


fail() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}


wrong_usage() {
    printf 'run.sh: %s\n' "$*" >&2
    usage >&2
    exit 2
}


is_port() {
    [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$1" -le 65535 ]
}


parse_arguments() {
    local p

    port='' turn_port='' lan='' with_redis='' state=''

    while [ $# -gt 0 ]; do
        case $1 in
            --lan)       lan='find' ;;
            --lan=*)     lan=${1#*=} ;;
            --redis)     with_redis=1 ;;
            --help)      usage; exit 0 ;;
            --port|--turn-port|--state)
                [ $# -gt 1 ] || wrong_usage "$1 needs a value"
                set_option "$1" "$2"
                shift
                ;;
            --port=*|--turn-port=*|--state=*)
                set_option "${1%%=*}" "${1#*=}"
                ;;
            *)           wrong_usage "unknown option: $1" ;;
        esac
        shift
    done

    if [ -z "$port" ]; then
        if [ -n "$lan" ]; then port=8443; else port=8080; fi
    fi

    for p in "$port" "${turn_port:-3478}"; do
        is_port "$p" || wrong_usage "not a port: $p"
    done
}


set_option() {
    case $1 in
        --port)      port=$2 ;;
        --turn-port) turn_port=$2 ;;
        --state)     state=$(realpath -m -- "$2") ;;
    esac
}


# the first private IPv4 address of this machine, else any other

find_lan_address() {
    local all a

    all=$(hostname -I)

    for a in $all; do
        case $a in
            10.*|192.168.*|172.1[6-9].*|172.2[0-9].*|172.3[01].*)
                printf '%s' "$a"; return ;;
        esac
    done

    for a in $all; do
        case $a in
            *:*|127.*|169.254.*) ;;
            *) printf '%s' "$a"; return ;;
        esac
    done
}


choose_address() {
    case $lan in
        '')   address=127.0.0.1 name=localhost scheme=http ;;
        find) address=$(find_lan_address) ;;
        *)    address=$lan ;;
    esac

    [ -n "$lan" ] || return 0

    [[ $address =~ ^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$ ]] \
        || fail 'no IPv4 address of the local network; try --lan=ADDRESS'

    name=$address scheme=https
}


# taken PORT PROTOCOL...: whether a socket of this machine is bound to it

taken() {
    local hex protocol state

    printf -v hex ':%04X' "$1"
    shift

    for protocol in "$@"; do
        case $protocol in tcp*) state=0A ;; *) state=07 ;; esac

        if awk -v port="$hex" -v state="$state" \
            '$4 == state && substr($2, length($2) - 4) == port { found = 1 }
             END { exit !found }' "/proc/net/$protocol" 2> /dev/null
        then
            return 0
        fi
    done

    return 1
}


choose_ports() {
    ! taken "$port" tcp tcp6 \
        || fail "port $port is taken by another program; try --port N"

    if [ -n "$turn_port" ]; then
        ! taken "$turn_port" tcp tcp6 udp udp6 \
            || fail "port $turn_port is taken by another program"
        return
    fi

    turn_port=3478

    while taken "$turn_port" tcp tcp6 udp udp6; do
        turn_port=$((turn_port + 1))
        [ "$turn_port" -lt 3578 ] || fail 'no port is free for coturn'
    done
}


build() {
    local log=$state/build.log

    [ -e build/ngx_otter_module.so ] || say 'Building, this takes a minute...'

    if ! make -j"$(nproc)" > "$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "the build failed; all of its output is in $log"
    fi
}


# member NAME: the value of a string member of the JSON object on stdin

member() {
    sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"
}


make_secrets() {
    if [ ! -s "$state/jwt.json" ]; then
        build/bin/otter secret new --file "$state/jwt.json" --json \
            > /dev/null
    fi

    if [ ! -s "$state/turn.secret" ]; then
        openssl rand -hex 32 > "$state/turn.secret"
    fi

    # the command shows a key only once, the next run.sh shows it again

    if [ ! -s "$state/api-keys.json" ] || [ ! -s "$state/api-key" ]; then
        build/bin/otter key create --file "$state/api-keys.json" --json \
            | member key > "$state/api-key"
    fi

    api_key=$(cat "$state/api-key")
    [ -n "$api_key" ] || fail "no API key in $state/api-key; remove it"
}


make_certificate() {
    certificate=$state/lan-$address.crt

    if [ -s "$certificate" ] && [ -s "${certificate%.crt}.key" ] \
        && openssl x509 -checkend 86400 -noout -in "$certificate" > /dev/null
    then
        return
    fi

    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 365 -subj "/CN=Otter on $address" \
        -addext "subjectAltName=IP:$address,IP:127.0.0.1,DNS:localhost" \
        -keyout "${certificate%.crt}.key" -out "$certificate" 2> /dev/null
}


# fill TEMPLATE NAME=VALUE...

fill() {
    local text pair

    text=$(< "$1")
    shift

    for pair in "$@"; do
        text=${text//"@${pair%%=*}@"/"${pair#*=}"}
    done

    printf '%s\n' "$text"
}


# Started as root, nginx's workers run as www-data and coturn as turnserver:
# what they read is in a folder apart, since they may not look into this one.

write_configuration() {
    local nginx_user='' allow='' listen bus='' html=$PWD/html/dist

    temp=$(mktemp -d "${TMPDIR:-/tmp}/otter.XXXXXX")
    mkdir -p "$temp/turn" "$run/log"

    if [ "$(id -u)" -eq 0 ]; then
        nginx_user='user www-data;'
        cp -R html/dist "$temp/html"
        html=$temp/html
        chmod -R a+rX "$temp"
    fi

    if [ -n "$lan" ]; then
        listen="listen $address:$port ssl http2;
        ssl_certificate \"$certificate\";
        ssl_certificate_key \"${certificate%.crt}.key\";
        error_page 497 =307 https://\$http_host\$request_uri;"
    else
        allow='allow-loopback-peers'
        listen="listen 127.0.0.1:$port;"
        if grep -qs '^0\{31\}1 ' /proc/net/if_inet6; then
            listen="$listen
        listen [::1]:$port;"
        fi
    fi

    if [ -n "$with_redis" ]; then
        bus="otter_redis \"unix:$temp/redis/socket\";"
        mkdir -m 700 "$temp/redis"
        fill conf.d/local/redis.conf.in "RUN=$temp/redis" \
            > "$temp/redis/redis.conf"
    fi

    fill conf.d/local/nginx.conf.in \
        "USER=$nginx_user" "LISTEN=$listen" "REDIS=$bus" \
        "RUN=$run" "LOG=$run/log" \
        "TEMP=$temp" "BUILD=$PWD/build" "HTML=$html" "SECRETS=$state" \
        "TURN=$address:$turn_port" > "$run/nginx.conf"

    fill conf.d/local/turnserver.conf.in \
        "ADDRESS=$address" "PORT=$turn_port" "ALLOW=$allow" \
        "SECRET=$(< "$state/turn.secret")" "RUN=$temp/turn" \
        > "$temp/turn/turnserver.conf"

    if [ "$(id -u)" -eq 0 ]; then
        chown -R turnserver:turnserver "$temp/turn"
        [ -z "$with_redis" ] || chown -R www-data:www-data "$temp/redis"
    fi
}


# In a session of its own, so that Ctrl-C reaches run.sh alone, and ended by
# the kernel should run.sh be killed.

start_all() {
    local coturn_user=() redis_user=()

    if [ "$(id -u)" -eq 0 ]; then
        coturn_user=(--reuid turnserver --regid turnserver --clear-groups)
        redis_user=(--reuid www-data --regid www-data --clear-groups)
    fi

    if [ -n "$with_redis" ]; then
        setsid setpriv "${redis_user[@]}" --pdeathsig TERM \
            redis-server "$temp/redis/redis.conf" \
            > "$run/log/redis.log" 2>&1 &
        redis=$!
    fi

    setsid setpriv "${coturn_user[@]}" --pdeathsig TERM \
        turnserver -c "$temp/turn/turnserver.conf" \
        > "$run/log/turnserver.log" 2>&1 &
    coturn=$!

    setsid setpriv --pdeathsig TERM nginx -e stderr -c "$run/nginx.conf" &
    nginx=$!
}


running() {
    kill -0 "$1" 2> /dev/null
}


# end PID SIGNAL...: asks, then insists

# shellcheck disable=SC2317 # called by the trap
end() {
    local pid=$1 signal
    shift

    for signal in "$@"; do
        kill -s "$signal" "$pid" 2> /dev/null || return 0

        for _ in {1..60}; do
            running "$pid" || return 0
            sleep 0.1
        done
    done
}


# shellcheck disable=SC2317 # the trap
stop_all() {
    trap '' INT TERM HUP

    [ -z "${nginx-}" ] || end "$nginx" QUIT TERM KILL
    [ -z "${coturn-}" ] || end "$coturn" TERM KILL
    [ -z "${redis-}" ] || end "$redis" TERM KILL
    [ -z "${temp-}" ] || rm -rf "$temp"
}


explain() {
    local logs=("$run/log/error.log" "$run/log/turnserver.log")

    [ -z "$redis" ] || logs+=("$run/log/redis.log")

    tail -n 5 "${logs[@]}" >&2 || :
    fail "$1"
}


await_health() {
    local _

    for _ in {1..100}; do
        running "$nginx" || explain 'nginx did not start'
        running "$coturn" || explain 'coturn did not start'
        [ -z "$redis" ] || running "$redis" || explain 'Redis did not start'

        # shellcheck disable=SC2086 # an option and its value
        if curl -fs --noproxy '*' $trust "$url/otter/health" \
            | grep -q '"status" *: *"ok"'
        then
            return
        fi

        sleep 0.1
    done

    explain "no health from $url/otter/health"
}


show() {
    cat <<TEXT

Otter is running. Open this link in two browsers:

    $url/otter/room/demo

A web application mints join tokens with an API key. Here is one, and a call:

    $api_key

    curl$trust $url/otter/token \\
        -H 'Authorization: Bearer $api_key' \\
        --json '{"room":"demo","identity":"alice"}'

TEXT

    if [ -n "$lan" ]; then
        say 'Whoever is in this network may join as a guest. Browsers warn of the'
        say 'self-signed certificate; it has to be accepted once in each.'
    fi

    say "Logs are in $run/log. Ctrl-C stops nginx and coturn${redis:+ and Redis}."
}


parse_arguments "$@"

cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin:/sbin

state=${state:-$PWD/.otter}
run=$state/$port

.ci/install.sh run
[ -z "$with_redis" ] || .ci/install.sh redis
choose_address
choose_ports

mkdir -p "$state"
chmod 700 "$state"
build

umask 077
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

make_secrets

url=$scheme://$name:$port
trust='' redis=''

if [ -n "$lan" ]; then
    make_certificate
    trust=" --cacert $certificate"
fi

write_configuration
nginx -t -q -e stderr -c "$run/nginx.conf"
start_all
await_health
show

# until Ctrl-C; neither ends by itself

# shellcheck disable=SC2086 # there may be no Redis
wait -n "$nginx" "$coturn" $redis || :
explain "nginx${redis:+, Redis} or coturn ended unexpectedly"

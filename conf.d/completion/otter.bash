# Completion of the otter command for bash: put this file into
# /usr/share/bash-completion/completions/ as "otter".
#
# It asks the command itself: its commands are those of "otter --help", the
# options of one those of its own help.

_otter() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local command=() words w

    case $prev in
        --*file|--api-keys|--jwt-keys|--turn-secret|--nginx-conf|--state|\
            --compose)
            compopt -o filenames 2> /dev/null || :
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
        --role) words='participant moderator' ;;
        --alg)  words='HS256 ES256 EdDSA' ;;
    esac

    if [ -z "${words-}" ]; then
        for w in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
            case $w in -*) break ;; esac
            [ "${#command[@]}" -lt 2 ] && command+=("$w")
        done

        words=$(_otter_words "${command[@]}")
    fi

    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}


# what may follow these words: commands, actions of a group, or options

_otter_words() {
    local help name

    name=${1-}${2+ $2}
    help=$(otter ${1+"$1"} --help 2> /dev/null)

    case $help in
        'usage: otter COMMAND'*)
            if [ $# -lt 2 ]; then
                awk -v group="${1-}" '/^  [a-z]/ {
                    if (group == "") print $1
                    else if ($1 == group && $2 ~ /^[a-z]+$/) print $2
                }' <<< "$help" | sort -u
                return
            fi
            help=$(otter "$1" "$2" --help 2> /dev/null)
            ;;
    esac

    case $help in
        "usage: otter $name"*|"usage: otter ${1-}"*)
            { grep -oE -- '--[a-z][a-z-]*' <<< "$help"; echo --help; } \
                | sort -u
            ;;
    esac
}


complete -F _otter otter

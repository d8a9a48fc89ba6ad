# Processes that outlive this script, and ending only those.
# shellcheck shell=bash
# Needs $run and $state. A pid file holds the pid and the process's start time, which no later process shares.

process_start() {
    local name=$1 log=$2
    shift 2
    [ ! -f "$log" ] || [ "$(stat -c %s "$log")" -lt 10000000 ] || mv "$log" "$log.1"
    # 8 and 9 are the locks of whoever is setting up, which a daemon would hold for ever.
    setsid nohup "$@" >> "$log" 2>&1 < /dev/null 8>&- 9>&- &
    echo "$! $(process_born $!)" > "$(process_file "$name")"
}

# The site's are its owner's, the others root's.
process_file() { case $1 in site | keeper | internet) echo "$state/site/$1.process" ;; *) echo "$run/$1.process" ;; esac; }

# Field 22 of stat, counted after the command's name, which may hold spaces. None for one that has
# ended, though its parent may be slow to notice.
process_born() { sed -n 's/.*) //; /^[ZX]/!p' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20; }

process_runs() {
    local pid born
    read -r pid born 2> /dev/null < "$(process_file "$1")" || return 1
    [ -n "$born" ] && [ "$(process_born "$pid")" = "$born" ]
}

process_stop() {
    local pid
    if process_runs "$1"; then
        read -r pid _ < "$(process_file "$1")"
        kill "$pid" 2> /dev/null || true
        wait_until 20 process_gone "$1" || kill -9 "$pid" 2> /dev/null || true
    fi
    rm -f "$(process_file "$1")"
}

process_gone() { ! process_runs "$1"; }

# process_answers NAME SECONDS COMMAND…: waits for COMMAND, but not for a process that has ended.
process_answers() {
    local name=$1 seconds=$2
    shift 2
    wait_until "$seconds" process_answers_or_gone "$name" "$@" && process_runs "$name"
}

process_answers_or_gone() { process_gone "$1" || "${@:2}"; }

# wait_until SECONDS COMMAND…
wait_until() {
    local tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

# What is done is not done again: a stamp holds the content hash of what a step was made from.
# shellcheck shell=bash

# content_hash PATH…: of the files, by name, mode (as far as git keeps it) and content.
content_hash() {
    # Python's own caches differ after each run.
    find "$@" -type f -not -path '*/__pycache__/*' | LC_ALL=C sort | while read -r file; do
        [ -x "$file" ] && echo "x $file" || echo "- $file"
        cat "$file"
    done | sha256sum | cut -c1-12
}

# step_once STAMP KEY JAPANESE ENGLISH COMMAND…
step_once() {
    local stamp=$1 key=$2
    shift 2
    [ "$(cat "$stamp" 2> /dev/null)" != "$key" ] || return 0
    # Gone while the step runs: what is half made must not pass for what was made before.
    rm -f "$stamp"
    step "$@"
    mkdir -p "$(dirname "$stamp")"
    echo "$key" > "$stamp"
}

# alone FD: waits until no other ./classroom, nor a step that one left running when it was
# killed, holds what is open as FD.
alone() {
    flock --nonblock "$1" && return
    say "別の ./classroom が準備中です。終わるのを待ちます。" "Another ./classroom is setting up; waiting for it."
    flock --timeout 900 "$1" || fail "別の ./classroom が 15 分たっても終わりません。" \
        "Another ./classroom has not finished in 15 minutes." \
        "それを Ctrl-C で止めてから、もう一度実行してください。" "Stop it with Ctrl-C, then run this again."
}

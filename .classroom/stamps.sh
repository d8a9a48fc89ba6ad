# What is done is not done again: a stamp holds the content hash of what a step was made from.
# shellcheck shell=bash

# content_hash PATH…: of the files, by name, mode (as far as git keeps it) and content.
content_hash() {
    find "$@" -type f | LC_ALL=C sort | while read -r file; do
        [ -x "$file" ] && echo "x $file" || echo "- $file"
        cat "$file"
    done | sha256sum | cut -c1-12
}

# step_once STAMP KEY JAPANESE ENGLISH COMMAND…
step_once() {
    local stamp=$1 key=$2
    shift 2
    [ "$(cat "$stamp" 2> /dev/null)" != "$key" ] || return 0
    step "$@"
    mkdir -p "$(dirname "$stamp")"
    echo "$key" > "$stamp"
}

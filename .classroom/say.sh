# What the person reads: a sentence in their language, steps with their time, failures with a remedy.
# shellcheck shell=bash

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in ja*) japanese=yes ;; *) japanese= ;; esac

# in_words JAPANESE ENGLISH
in_words() { if [ -n "$japanese" ]; then printf '%s' "$1"; else printf '%s' "$2"; fi; }
say() { printf '%s\n' "$(in_words "$1" "$2")"; }

# fail CAUSE_JA CAUSE_EN REMEDY_JA REMEDY_EN: inside a step its name comes before.
fail() {
    {
        [ -z "${current_step-}" ] || printf '\n%s: %s\n' "$(in_words '失敗した手順' 'Failed step')" "$current_step"
        printf '%s: %s\n' "$(in_words '原因' 'Cause')" "$(in_words "$1" "$2")"
        printf '%s: %s\n' "$(in_words '対処' 'Remedy')" "$(in_words "$3" "$4")"
    } >&2
    exit 1
}

fail_with_log() {
    [ ! -f "$1" ] || tail -n 15 "$1" >&2
    fail "プログラムが終了したか、応答しません。記録は $1 にあります。" \
        "A program has ended or does not answer; its log is $1." \
        "上の記録の最後の行を直してから、もう一度同じコマンドを実行してください。続きから始まります。" \
        "Put right what the last lines above say, then run the same command again: it goes on from here."
}

# step JAPANESE ENGLISH COMMAND…: says what is done, does it, says how long it took. What the
# command prints is shown when it fails.
step() {
    current_step=$(in_words "$1" "$2")
    shift 2
    local started log status
    started=$(now)
    printf '%s … ' "$current_step"
    # Without a name it can't be left behind.
    log=$(mktemp)
    exec 7>> "$log"
    exec 6< "$log"
    rm -f "$log"
    # A subshell of its own, so that `set -e` and `fail` end the step, not the report about it;
    # behind `||` bash would ignore `set -e` in there.
    set +e
    (set -e; "$@") >&7 2>&1 < /dev/null 6<&- 7>&-
    status=$?
    set -e
    exec 7>&-
    [ "$status" = 0 ] || step_failed "$1" "$status"
    exec 6<&-
    printf '%s\n' "$(awk -v a="$started" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }')"
    current_step=
}

# A step that called `fail` has said itself what to do.
step_failed() {
    local printed
    printed=$(tail -n 25 <&6)
    printf '%s\n' "$(in_words '失敗' 'failed')"
    printf '%s\n' "$printed" >&2
    ! grep -Eq "^$(in_words '対処' 'Remedy')(: |：)" <<< "$printed" || exit 1
    fail "コマンド $1 が終了コード $2 で終わりました（上の出力をご覧ください）。" \
        "$1 ended with exit code $2 (see what it printed above)." \
        "直してから、もう一度同じコマンドを実行してください。続きから始まります。" \
        "Put it right and run the same command again: it goes on from here."
}

now() { printf '%s' "${EPOCHREALTIME/,/.}"; }

# Whether this machine can hold a classroom: each finding with its reason and its remedy.
# shellcheck shell=bash
# Needs $state, $port and say.sh. `doctor` prints all; `up` stops at what must be put right.

good() { [ -n "$quiet" ] || printf '  ok    %s\n' "$(in_words "$1" "$2")"; }
note() { [ -n "$quiet" ] || { printf '  note  %s\n' "$(in_words "$1" "$2")"; printf '        → %s\n' "$(in_words "$3" "$4")"; }; }
must() {
    problems=$((problems + 1))
    # doctor's in its list, up's beside its error.
    printf '  %s  %s\n        → %s\n' "$(in_words '要対応' 'FIX ')" "$(in_words "$1" "$2")" "$(in_words "$3" "$4")" \
        >&"$([ -z "$quiet" ] && echo 1 || echo 2)"
}

# up's refusal: the same checks, silent where all is well.
host_must_do() {
    problems=0 quiet=yes
    host_check
    [ $problems = 0 ] || fail "この機械では、まだ教室を開けません（上をご覧ください）。" \
        "This machine cannot hold a classroom yet (see above)." \
        "上の対処をしてから、もう一度実行してください。詳しくは ./classroom doctor で確認できます。" \
        "Do the above and run this again; ./classroom doctor tells more."
}

host_doctor() {
    problems=0 quiet=
    host_check
    host_check_limits
    host_check_seats
    host_check_port
    [ $problems = 0 ] || fail "要対応の項目が $problems 個あります。" "$problems of these must be put right." \
        "上の → の対処をしてから、もう一度 ./classroom doctor を実行してください。" \
        "Do what the arrows above say, then run ./classroom doctor again."
    say "この機械で教室を開けます。" "This machine can hold a classroom."
}

host_check() {
    host_check_kernel
    host_check_user_namespaces
    host_check_cgroups
    host_check_overlay
    host_check_disk
    host_check_programs
    host_check_runtime
}

host_check_kernel() {
    local release=${HAKONIWA_KERNEL:-$(uname -r)} major minor
    IFS=.- read -r major minor _ <<< "$release"
    if [ "$major" -gt 5 ] || { [ "$major" = 5 ] && [ "${minor%%[!0-9]*}" -ge 19 ]; }; then
        good "カーネル $release" "kernel $release"
    else
        must "カーネル $release は古すぎます。サンドボックスごとに ID を分けるには 5.19 以上が必要です。" \
            "Kernel $release is too old: ids of its own for each sandbox need 5.19 or newer." \
            "Debian 12 以降か Ubuntu 24.04 以降に上げるか、Ubuntu 22.04 では linux-generic-hwe-22.04 を入れてください。" \
            "Upgrade to Debian 12 or Ubuntu 24.04 or newer; on Ubuntu 22.04 install linux-generic-hwe-22.04."
    fi
}

host_check_user_namespaces() {
    local most clone
    most=$(cat /proc/sys/user/max_user_namespaces 2> /dev/null || echo 0)
    clone=$(cat /proc/sys/kernel/unprivileged_userns_clone 2> /dev/null || echo 1)
    if [ "$most" -lt 100 ]; then
        must "ユーザー名前空間が $most 個しか使えません。サンドボックスを隔離できません。" \
            "Only $most user namespaces are allowed, and they are what isolates a sandbox." \
            "sysctl -w user.max_user_namespaces=15000 を実行してください。" \
            "Run sysctl -w user.max_user_namespaces=15000."
    else
        good "ユーザー名前空間（最大 $most）" "user namespaces (at most $most)"
    fi
    # The sandbox engine makes them as root, so these two stop nothing; people ask, so they are named.
    [ "$clone" = 1 ] || good "unprivileged_userns_clone=0 でも問題ありません（root が作るため）" \
        "unprivileged_userns_clone=0 is fine: root makes the name spaces"
    [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2> /dev/null || echo 0)" = 0 ] \
        || good "AppArmor の制限があっても問題ありません（root が作るため）" \
            "AppArmor's restriction of user namespaces is fine: root makes them"
    if grep -q '^dockremap:' /etc/subuid 2> /dev/null && grep -q '^dockremap:' /etc/subgid; then
        good "サンドボックス用の ID: $(grep '^dockremap:' /etc/subuid)" "ids for sandboxes: $(grep '^dockremap:' /etc/subuid)"
    else
        note "サンドボックス用の ID（dockremap）がまだありません。" "There are no ids for sandboxes (dockremap) yet." \
            "./classroom up が作ります。" "./classroom up makes them."
    fi
}

host_check_cgroups() {
    local kind
    kind=$(stat -fc %T /sys/fs/cgroup 2> /dev/null || echo none)
    case $kind in
    cgroup2fs) good "cgroup v2" "cgroup v2" ;;
    tmpfs) good "cgroup v1（フックで権限を渡します）" "cgroup v1 (a hook hands down what sandboxes need)" ;;
    *) must "cgroup が /sys/fs/cgroup にありません（${kind}）。" "No cgroups at /sys/fs/cgroup ($kind)." \
        "systemd で起動するか、cgroupfs-mount パッケージを入れてください。" \
        "Boot with systemd, or install the package cgroupfs-mount." ;;
    esac
}

host_check_overlay() {
    # A module that is not loaded yet is not in the list; it is loaded when it is needed.
    if grep -qw overlay /proc/filesystems \
        || grep -qs '/overlay\.ko' "/lib/modules/$(uname -r)/modules.dep"; then
        good "overlayfs" "overlayfs"
    else
        must "overlayfs が使えません。" "There is no overlayfs." \
            "modprobe overlay を実行してください。できない場合はカーネルを入れ替えてください。" \
            "Run modprobe overlay; if that fails, use a kernel that has it."
    fi
}

host_check_disk() {
    local place free need=4
    # What is made once needs no more room.
    [ ! -f "$state/mirror/made-from" ] || need=1
    place=$(existing "$state")
    free=$(df -Pm "$place" | awk 'NR == 2 { print int($4 / 1024) }')
    if [ "$free" -lt $need ]; then
        must "$place の空きは ${free} GiB です。$need GiB が必要です。" \
            "$place has ${free} GiB free; $need GiB are needed." \
            "空きを増やすか、HAKONIWA_STATE に空きのあるフォルダーを指定してください。" \
            "Make room, or set HAKONIWA_STATE to a folder that has it."
    elif [ "$free" -lt 20 ]; then
        note "$place の空きは ${free} GiB です。" "$place has ${free} GiB free." \
            "学習者 1 人につき 1 GiB を見込んでください。" "Reckon with 1 GiB for each learner."
    else
        good "空きディスク ${free} GiB（${place}）" "${free} GiB of disk free ($place)"
    fi
}

host_check_runtime() {
    [ -n "$sandbox_runtime" ] || return 0
    if engine_other_runtime > /dev/null; then
        good "ランタイム $sandbox_runtime（ディスクの上限は、このランタイムでは効きません）" \
            "runtime $sandbox_runtime (a sandbox's disk is not limited with it)"
    else
        must "ランタイム $sandbox_runtime（HAKONIWA_RUNTIME）がこの機械にありません。" \
            "This machine has no runtime $sandbox_runtime (HAKONIWA_RUNTIME)." \
            "そのランタイムを入れるか、HAKONIWA_RUNTIME の指定を外してください。" \
            "Install it, or take HAKONIWA_RUNTIME out."
    fi
}

host_check_programs() {
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null \
        && good "$(python3 --version)" "$(python3 --version)" \
        || must "Python 3.11 以上がありません。" "There is no Python 3.11 or newer." \
            "apt-get install python3 python3-venv を実行してください。" "Run apt-get install python3 python3-venv."
    local node
    node=$(node --version 2> /dev/null || echo v0)
    node=${node#v}
    [ "${node%%.*}" -ge 20 ] && good "Node $node" "Node $node" \
        || must "Node 20 以上がありません（${node}）。" "There is no Node 20 or newer ($node)." \
            "Node.js 20 以上と npm を入れてください。" "Install Node.js 20 or newer with npm."
}

existing() { local place=$1; while [ ! -d "$place" ]; do place=$(dirname "$place"); done; echo "$place"; }

host_check_limits() {
    local inotify pids
    inotify=$(cat /proc/sys/fs/inotify/max_user_instances)
    [ "$inotify" -ge 8192 ] && good "inotify $inotify" "inotify $inotify" || note \
        "fs.inotify.max_user_instances は $inotify で、全サンドボックスの合計です。" \
        "fs.inotify.max_user_instances is $inotify, for all sandboxes together." \
        "./classroom up が 8192 に上げます。" "./classroom up raises it to 8192."
    host_check_shared kernel/pty/max "$most_terminals" "端末" "terminals"
    host_check_shared fs/aio-max-nr "$most_aio" "非同期入出力" "asynchronous reads and writes"
    host_check_shared fs/file-max "$most_files" "開いたファイル" "open files"
    pids=$(cat /proc/sys/kernel/pid_max)
    [ "$pids" -ge 262144 ] && good "pid_max $pids" "pid_max $pids" || note \
        "kernel.pid_max は $pids です。1 人が 512 まで使えます。" \
        "kernel.pid_max is $pids; each learner may use 512." \
        "./classroom up が 262144 に上げます。" "./classroom up raises it to 262144."
}

# The kernel counts these for all sandboxes together, and what they take is memory within a
# sandbox's own limit: so many that none can use them up. tests/engine/test_shared_limits.py
# The last is what systemd sets.
most_terminals=1048576 most_aio=16777216 most_files=9223372036854775807

# host_check_shared SETTING ENOUGH JAPANESE ENGLISH
host_check_shared() {
    local now name=${1//\//.}
    now=$(cat "/proc/sys/$1")
    [ "$now" -ge "$2" ] && good "$name $now" "$name $now" || note \
        "$name は $now で、全サンドボックスの合計です（$3）。1 人で使い切れます。" \
        "$name is $now, for all sandboxes together ($4): one learner can use it up." \
        "./classroom up が $2 に上げます。" "./classroom up raises it to $2."
}

# The site's own reckoning, so that both say the same.
host_check_seats() {
    local memory disk by_memory by_disk most='' seats
    memory=${HAKONIWA_SANDBOX_MEMORY:-1g} disk=$sandbox_disk
    sandbox_disk_bytes > /dev/null 2>&1 || {
        must "HAKONIWA_SANDBOX_DISK=$disk は大きさとして読めません。" "HAKONIWA_SANDBOX_DISK=$disk is no size." \
            "4g のように指定してください。" "Set it like 4g."
        return
    }
    read -r by_memory by_disk < <(python3 -I sandbox/capacity.py "$memory" "$disk" "$state/engine") || return 0
    seats=$by_memory
    [ "${HAKONIWA_MAX_SANDBOXES:-0}" = 0 ] || { most=$HAKONIWA_MAX_SANDBOXES seats=$HAKONIWA_MAX_SANDBOXES; }
    [ -z "$most" ] && good "メモリー（1 人 ${memory}）: 同時に ${by_memory} 人" "memory ($memory each): $by_memory learners at once" \
        || good "HAKONIWA_MAX_SANDBOXES: 同時に ${most} 人" "HAKONIWA_MAX_SANDBOXES: $most learners at once"
    good "ディスク（1 人 ${disk}）: 同時に ${by_disk} 人" "disk ($disk each): $by_disk learners at once"
    if [ "$by_disk" -lt "$seats" ]; then
        note "ディスクの空きに合わせて、同時に使えるのは ${by_disk} 人です。" \
            "The free disk is the limit: $by_disk learners at once." \
            "空きを増やすか、HAKONIWA_SANDBOX_DISK を小さくしてください。それを超える人は順番を待ちます。" \
            "Make room, or set HAKONIWA_SANDBOX_DISK lower. Whoever comes beyond that waits in a queue."
    elif [ -n "$most" ]; then
        good "上限は設定で決まり、同時に ${most} 人です" "the setting is the limit: $most learners at once"
    else
        good "上限はメモリーで決まり、同時に ${by_memory} 人です" "memory is the limit: $by_memory learners at once"
    fi
}

# Shared by all sandboxes; raising them costs nothing until they are used.
host_raise_limits() {
    [ "$(cat /proc/sys/kernel/pty/max)" -ge $most_terminals ] || echo $most_terminals > /proc/sys/kernel/pty/max || true
    [ "$(cat /proc/sys/fs/aio-max-nr)" -ge $most_aio ] || echo $most_aio > /proc/sys/fs/aio-max-nr || true
    [ "$(cat /proc/sys/fs/file-max)" -ge $most_files ] || echo $most_files > /proc/sys/fs/file-max || true
    [ "$(cat /proc/sys/fs/inotify/max_user_instances)" -ge 8192 ] \
        || echo 8192 > /proc/sys/fs/inotify/max_user_instances || true
    [ "$(cat /proc/sys/kernel/pid_max)" -ge 262144 ] || echo 262144 > /proc/sys/kernel/pid_max || true
}

port_is_free() { [ -z "$(ss -Hltn "sport = :$port" 2> /dev/null)" ]; }

port_is_ours() { process_runs site && [ "$(cut -d' ' -f1 "$state/site/open-with" 2> /dev/null)" = "$port" ]; }

# The process, or that it is somebody else's, whose name only root is told.
port_taken_by() {
    ss -Hltnp "sport = :$port" 2> /dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' \
        | head -n 1 | grep . || in_words "ほかの利用者のプログラム" "another user's program"
}

port_other() { if [ "$port" -lt 65535 ]; then echo $((port + 1)); else echo 8000; fi; }

host_check_port() {
    if port_is_ours; then
        good "ポート $port でこの教室が動いています" "this classroom serves on port $port"
    elif port_is_free; then
        good "ポート $port は空いています" "port $port is free"
    else
        must "ポート $port は $(port_taken_by) が使っています。" "Port $port is taken by $(port_taken_by)." \
            "./classroom up --port $(port_other) のように、別のポートを指定してください。" \
            "Choose another: ./classroom up --port $(port_other)."
    fi
}

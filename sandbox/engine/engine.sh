# The sandbox engine: a containerd and a dockerd of Hakoniwa's own, for sandboxes alone.
# shellcheck shell=bash
# Needs $here (the clone), $state, $run, $site, $owner_group and the words of .classroom/say.sh.
#
# An engine that this machine already runs has other sockets, folders, processes and names; it is
# neither asked nor touched.

engine_docker() { docker --host "unix://$run/engine.sock" "$@"; }

engine_answers() { engine_docker version --format '{{.Server.Version}}' > /dev/null 2>&1; }

# The clone may lie in a folder that only its owner can enter; the engine gets copies.
engine_install_files() {
    install -d -m 0711 "$state" "$state/engine" "$state/engine/data"
    install -d -m 0755 "$run" "$state/engine/bin"
    install -d -m 0711 "$run/sandboxes"
    install -m 0755 "$here/sandbox/engine/runtime" "$here/sandbox/engine/delegate-cgroups" \
        "$here/sandbox/engine/kill-frozen" "$state/engine/bin/"
    install -m 0644 "$here/sandbox/engine/prepare.py" "$state/engine/bin/"
    # The interpreter itself: a python3 in the PATH may be a wrapper that takes longer than all we do.
    printf "run='%s' state='%s' disk_bytes=%s python='%s'\n" "$run" "$state/engine" "$(sandbox_disk_bytes)" \
        "$(python3 -c 'import sys; print(sys.executable)')" > "$state/engine/bin/settings"
    install -m 0644 "$here/sandbox/engine/seccomp.json" "$state/engine/"
    cat > "$state/engine/daemon.json" << JSON
{
  "hosts": ["unix://$run/engine.sock"],
  "group": "$owner_group",
  "containerd": "$run/containerd.sock",
  "data-root": "$state/engine/data",
  "exec-root": "$run/exec",
  "pidfile": "$run/dockerd.pid",
  "bridge": "none",
  "iptables": false,
  "ip-forward": false,
  "userns-remap": "default",
  "seccomp-profile": "$state/engine/seccomp.json",
  "cgroup-parent": "$(sandboxes_group)",
  "default-runtime": "hakoniwa",
  "runtimes": { $(engine_other_runtime) "hakoniwa": { "path": "$state/engine/bin/runtime" } },
  "log-driver": "local",
  "log-level": "warn"
}
JSON
    cat > "$state/engine/containerd.toml" << TOML
version = 2
root = "$state/engine/containerd"
state = "$run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$run/containerd.sock"
TOML
}

sandbox_disk=${HAKONIWA_SANDBOX_DISK:-4g}
sandbox_disk_bytes() { numfmt --from=iec "${sandbox_disk^^}"; }

# All sandboxes together are one control group, whose processes wait for the machine's own: the
# site's, and this engine's. Among themselves they are equal.
sandboxes_weight=50 # of 100, in systemd's and cgroup v2's own measure
sandboxes_group() { if systemd_owns_cgroups; then echo hakoniwa.slice; else echo /hakoniwa; fi; }

# Where the engine leaves groups to systemd, as it does by default.
systemd_owns_cgroups() { [ -d /run/systemd/system ] && [ -f /sys/fs/cgroup/cgroup.controllers ]; }

sandboxes_group_weigh() {
    local folder
    if systemd_owns_cgroups; then
        systemctl set-property --runtime hakoniwa.slice "CPUWeight=$sandboxes_weight" "IOWeight=$sandboxes_weight"
        return
    fi
    for folder in /sys/fs/cgroup /sys/fs/cgroup/cpu /sys/fs/cgroup/blkio; do
        [ -f $folder/cgroup.procs ] || continue
        mkdir -p $folder/hakoniwa
        # cgroup v2, then v1: processors, then the disk, where the kernel has it.
        weigh $folder/hakoniwa/cpu.weight $sandboxes_weight
        weigh $folder/hakoniwa/io.weight $sandboxes_weight
        weigh $folder/hakoniwa/cpu.shares $((sandboxes_weight * 1024 / 100))
        weigh $folder/hakoniwa/blkio.bfq.weight $sandboxes_weight
    done
}

weigh() { [ ! -f "$1" ] || echo "$2" > "$1" || true; }

# A stronger runtime that this machine has, in place of ours: a program like runc, or a shim of
# containerd's (kata), which engines know from 23 on.
sandbox_runtime=${HAKONIWA_RUNTIME-}
engine_other_runtime() {
    if [ -z "$sandbox_runtime" ]; then
        return
    elif command -v "$sandbox_runtime" > /dev/null; then
        echo "\"$sandbox_runtime\": { \"path\": \"$(command -v "$sandbox_runtime")\" },"
    elif command -v "containerd-shim-$sandbox_runtime-v2" > /dev/null; then
        echo "\"$sandbox_runtime\": { \"runtimeType\": \"io.containerd.$sandbox_runtime.v2\" },"
    else
        return 1
    fi
}

engine_key() { echo "$(content_hash "$here/sandbox/engine") $owner_group $state $sandbox_disk $sandbox_runtime"; }

# Also no: one of the two has ended, or they run with settings that have changed since.
engine_is_up() {
    [ "$(cat "$run/engine-made-from" 2> /dev/null)" = "$(engine_key)" ] \
        && process_runs containerd && process_runs dockerd && engine_answers
}

# What a killed engine left: sandboxes that still run, then what is mounted, the latest first; some
# go away with another.
engine_take_away_leftovers() {
    local container
    for container in "$run"/exec/runtime-*/moby/*; do
        [ ! -d "$container" ] || runc --root "$(dirname "$container")" delete --force "$(basename "$container")" || true
    done
    awk -v data="$state/engine/" -v run="$run/" 'index($2, data) == 1 || index($2, run) == 1 { print $2 }' \
        /proc/mounts | tac | xargs --no-run-if-empty umount --lazy 2> /dev/null || true
    rm -rf --one-file-system "${run:?}"/sandboxes/*
}

engine_start() {
    engine_end
    engine_take_away_leftovers
    engine_install_files
    sandboxes_group_weigh
    # Sandboxes inherit it: nobody can raise a limit from within a user namespace.
    ulimit -n 65536 2> /dev/null || ulimit -n "$(ulimit -Hn)"
    process_start containerd "$state/engine/containerd.log" \
        containerd --config "$state/engine/containerd.toml" --log-level warn
    process_answers containerd 20 test -S "$run/containerd.sock" \
        || { engine_end; fail_with_log "$state/engine/containerd.log"; }
    # In a network of its own: a dockerd without a bridge deletes the docker0 that it finds, which
    # is that of the machine's own engine.
    process_start dockerd "$state/engine/dockerd.log" \
        unshare --net dockerd --config-file "$state/engine/daemon.json"
    process_answers dockerd 60 engine_answers || { engine_end; fail_with_log "$state/engine/dockerd.log"; }
    engine_key > "$run/engine-made-from"
}

# Sandboxes first: a container outlives the engine that started it.
engine_stop() {
    # Killed, it left them running or at least their files; only it can take them away.
    engine_is_up || ! compgen -G "$state/engine/data/*/containers/*" > /dev/null || engine_start
    if engine_answers; then
        local containers
        containers=$(engine_docker ps --all --quiet)
        # shellcheck disable=SC2086
        [ -z "$containers" ] || engine_docker rm --force --volumes $containers > /dev/null
        engine_docker volume prune --force > /dev/null
    fi
    engine_end
}

# A socket or pid file of a machine that lost power would look like a running engine, or name
# somebody else's process by now.
engine_end() {
    process_stop dockerd
    process_stop containerd
    rm -f "$run/engine.sock" "$run/containerd.sock" "$run/dockerd.pid" "$run/engine-made-from"
}
